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

#include "gusu/grant.h"
#include "gusu/prefix.h"
#include "gusu/registrant.h"
#include "gusu/resources.h"
#include "gusu/statistics.h"
#include "gusu/status.h"
#include "gusu/template.h"

namespace gusu {

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

struct GetRecordRequest {
  std::string name;         // name or identifier
  std::string reason = {};  // for the bureau, to read beyond PUBLIC: a change of its own
};

// A value of this name or type. With `is_beginning` it begins with `text`, else it is `text`.
struct AttributeFilter {
  std::string name;
  std::string text;
  bool is_beginning = false;
};

struct TimeInterval {
  std::optional<Timestamp> from;    // inclusive; none: from the beginning
  std::optional<Timestamp> before;  // exclusive; none: to the end
};

// All filters that are given must hold.
struct ListRecordsRequest {
  std::string parent;  // prefixes/{prefix}; with owner or custodian also prefixes/-: all
  State state = State::kUnspecified;
  Level level = Level::kUnspecified;
  uint32_t page_size = 0;
  std::vector<AttributeFilter> attributes = {};  // at most 8
  std::string owner = {};                        // registrants/{id}
  std::string custodian = {};                    // registrants/{id}
  TimeInterval create_time = {};
  TimeInterval update_time = {};
  std::optional<Timestamp> as_of_time = {};  // the list as it was then, in the order of identifiers
  std::string instance_of = {};              // identifier of a batch or model
  std::string template_id = {};
  std::string reason = {};  // for the bureau, as GetRecordRequest::reason; a change for each page
  // Range::next_page_token of the same request; empty: from the first on.
  std::string page_token = {};
};

struct ListRevisionsRequest {
  std::string name;  // name or identifier
  uint32_t page_size = 0;
  std::string reason = {};  // for the bureau, as GetRecordRequest::reason; a change for each page
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
  // The record's values from then on; nullopt: those that it had.
  std::optional<std::vector<Value>> values;
};

// Nobody changes the record while a hold stands.
struct HoldRecordRequest {
  std::string name;
  std::string reason;           // required; shown with the hold
  std::string document_number;  // of the order or report that it rests on
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// By the side that placed it.
struct UnholdRecordRequest {
  std::string name;
  uint32_t number = 0;  // of the hold
  std::string reason;   // required
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
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
  std::string reason;  // for the bureau, to read beyond PUBLIC: a change of its own for each code
};

struct ResolveAnswer {
  Record record;               // own values first, then inherited ones
  uint64_t read_revision = 0;  // the state in which it was read: microseconds since 1970 UTC
  RegistrantState holder_state = RegistrantState::kUnspecified;
  uint32_t values_withheld_count = 0;  // how many exist that the caller may not read
  std::vector<Tier> withheld_tiers;    // theirs
  std::optional<AnswerProof> proof;    // when asked for; gusu/audit.h checks it
  std::optional<Referral> referral;    // in place of a record: these servers answer
};

// The answer for one of many identifiers.
struct ResolveOutcome {
  std::string identifier;  // as asked
  Result<ResolveAnswer> answer;
};

}  // namespace gusu
