// What is asked of the registry and what it answers, as plain structs.
//
// Every write takes a `request_id` of 1 to 64 bytes: the same id with the same content gives the
// first answer again. Left empty, the Client fills in 128 random bits in hexadecimal for minted
// codes, approvals, updates and verbs; the other writes are told apart by their content.
// `on_behalf_of` is for the bureau acting for a registrant. With `include_proof` the receipt brings
// what proves it (gusu/proof.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gusu/resources.h"
#include "gusu/status.h"

namespace gusu {

// Both are named in the audit log, and the registrant sees it.
struct OnBehalfOf {
  std::string registrant;  // registrants/{id}
  std::string reason;      // 1 to 500 characters
};

// ---------------------------------------------------------------------------------------------
// Registrar: who may register, and where

struct ApplyRegistrantRequest {
  std::string registrant_id;  // 1 to 63 of a-z, 0-9 and "-"
  Registrant registrant;
  std::string claim_sha256;  // Sha256(claim secret), 32 bytes
  std::string request_id;
  bool include_proof = false;
};

struct ApproveRegistrantRequest {
  std::string name;  // registrants/{id}
  std::string reason;
  std::string etag;  // when given: kAborted / ETAG_MISMATCH if the application has changed since
  std::string request_id;
  bool include_proof = false;
};

struct RegistrantAnswer {
  Registrant registrant;
  Receipt receipt;
};

struct ListRegistrantsRequest {
  RegistrantState state = RegistrantState::kUnspecified;  // only those in this state
  uint32_t page_size = 0;  // how many are fetched at a time, 1 to 1000; 0: the server's default
};

struct GrantPrefixRequest {
  std::string prefix;  // as it is to be written on labels
  std::string holder;  // registrants/{id}
  uint64_t quota = 0;
  SuffixPolicy suffix_policy;
  std::string reason;
  std::string request_id;
  bool include_proof = false;
};

struct PrefixAnswer {
  Prefix prefix;
  Receipt receipt;
};

struct ListPrefixesRequest {
  std::string holder;  // registrants/{id}: only its own
  uint32_t page_size = 0;
};

struct CreateCredentialRequest {
  std::string parent;  // registrants/{id}, or bureau
  Credential credential;
  std::string secret_sha256;  // Sha256(token secret), 32 bytes
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct CredentialAnswer {
  Credential credential;
  Receipt receipt;
};

struct ListCredentialsRequest {
  std::string parent;  // registrants/{id}, or bureau
  uint32_t page_size = 0;
};

struct RevokeCredentialRequest {
  std::string name;  // registrants/{id}/credentials/{id}, or bureau/credentials/{id}
  std::string reason;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// ---------------------------------------------------------------------------------------------
// Registry: records

// The server assigns the suffix: literal text and one of {serial:N} or {random:N}, then optionally
// {check}: `HP-{serial:6}{check}`.
struct MintPattern {
  std::string prefix;
  std::string pattern;
};

// One registration. Exactly one of `identifier` and `mint` is given.
struct RegisterRow {
  std::string identifier;  // `88.118.8/HP-1`
  std::optional<MintPattern> mint;
  Level level = Level::kUnspecified;  // default: ITEM
  std::optional<InstanceOf> instance_of;
  std::string template_id;  // `product`; empty: free values
  std::vector<Value> values;
  std::optional<Origin> origin;
  std::optional<Timestamp> effective_time;
  State state = State::kUnspecified;  // RESERVED or ACTIVE; default: ACTIVE
  std::string request_id;
};

struct RegisterResult {
  std::string identifier;
  std::string name;
  Outcome outcome = Outcome::kUnspecified;
  Receipt receipt;  // of the first registration, when the outcome is kUnchanged
  std::string etag;
};

struct RegisterRequest {
  RegisterRow row;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// 1 to 2000 rows, all or none.
struct BatchRegisterRequest {
  std::vector<RegisterRow> rows;
  std::optional<OnBehalfOf> on_behalf_of;
  std::string request_id;
  bool include_proof = false;
};

// What became of one row of a stream; rows count from 0.
struct RowOutcome {
  uint64_t row_index = 0;
  Result<RegisterResult> result;
};

struct ListRecordsRequest {
  std::string parent;                 // prefixes/{prefix}
  State state = State::kUnspecified;  // only those in this state
  Level level = Level::kUnspecified;  // only those of this level
  uint32_t page_size = 0;
};

struct ListRevisionsRequest {
  std::string name;  // name or identifier
  uint32_t page_size = 0;
};

struct RecordAnswer {
  Record record;
  Receipt receipt;
};

// In all of these: `name` is a record's name or identifier; `etag`, when given, makes the call fail
// with kAborted / ETAG_MISMATCH if the record has changed since.

// Replaces the values and instance_of.
struct UpdateRecordRequest {
  std::string name;
  std::vector<Value> values;
  std::optional<InstanceOf> instance_of;
  std::optional<Timestamp> effective_time;
  std::string etag;
  std::string request_id;
  std::string reason;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// Changes single values and leaves the others.
struct ModifyValuesRequest {
  std::string name;
  std::vector<Value> add;     // by index; VALUE_INDEX_DUPLICATE when the record has it
  std::vector<Value> modify;  // by index, or with index 0 by type
  std::vector<uint32_t> remove_indexes;
  std::optional<Timestamp> effective_time;
  std::string etag;
  std::string request_id;
  std::string reason;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct SuspendRecordRequest {
  std::string name;
  std::string reason;  // required
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  std::optional<Timestamp> effective_time;
  bool include_proof = false;
};

struct ActivateRecordRequest {
  std::string name;
  std::string reason;  // required
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  std::optional<Timestamp> effective_time;
  bool include_proof = false;
};

struct RetireRecordRequest {
  std::string name;
  Retirement retirement;
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  std::optional<Timestamp> effective_time;
  bool include_proof = false;
};

struct ReinstateRecordRequest {
  std::string name;
  std::string reason;  // required
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  std::optional<Timestamp> effective_time;
  bool include_proof = false;
};

// Forgets the values of a whole tier in some revisions, for ever. To forget one value of a tier
// only, write the record without it first, then erase the tier in the revisions before.
struct EraseValuesRequest {
  std::string name;
  Tier tier = Tier::kUnspecified;   // required
  std::vector<uint64_t> revisions;  // 1 to 500
  std::string reason;               // required
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// ---------------------------------------------------------------------------------------------
// Resolver

// What of a record is wanted, and as of when (at most one of the two).
struct ResolveOptions {
  std::vector<std::string> types;  // a type that ends in "." matches all that begin with it
  std::vector<uint32_t> indexes;
  std::optional<Timestamp> as_of_time;
  std::string as_of_date;      // YYYY-MM-DD: the end of that day in the registry's time zone
  bool include_proof = false;  // takes no types and no indexes
};

struct ResolveAnswer {
  Record record;               // own values first, then inherited ones
  uint64_t read_revision = 0;  // the state in which it was read: microseconds since 1970 UTC
  RegistrantState holder_state = RegistrantState::kUnspecified;
  uint32_t values_withheld_count = 0;  // how many exist that the caller may not read
  std::optional<AnswerProof> proof;    // when asked for; gusu/audit.h checks it
};

// The answer for one of many identifiers.
struct ResolveOutcome {
  std::string identifier;  // as asked
  Result<ResolveAnswer> answer;
};

}  // namespace gusu
