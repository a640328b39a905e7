// What all of the library's structs are made of: times, enumerations, records and their values, and
// what a change is answered with. Other nouns have a header each: gusu/registrant.h, gusu/prefix.h,
// gusu/template.h, gusu/grant.h, gusu/statistics.h.
//
// Resource names: registrants/{id} · registrants/{id}/credentials/{id} · prefixes/{prefix}
// · prefixes/{prefix}/records/{suffix, percent-encoded} · templates/{id}. Wherever a record is
// named, its identifier (`88.118.8/HP-1`) is taken too.
// "Output only" fields are the server's; what a caller puts there is not sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gusu/export.h"
#include "gusu/proof.h"
#include "gusu/status.h"

namespace gusu {

// Microseconds, as the registry counts.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

inline Timestamp ToTimestamp(std::chrono::system_clock::time_point time) {
  return std::chrono::time_point_cast<std::chrono::microseconds>(time);
}
// RFC 3339 in UTC with as many fraction digits as needed: 2026-11-23T06:18:15.25Z.
GUSU_EXPORT std::string ToText(Timestamp time);
// RFC 3339 with any offset; nullopt for anything else, and for years before 1 or after 9999.
GUSU_EXPORT std::optional<Timestamp> ParseTimestamp(std::string_view text);

// ---------------------------------------------------------------------------------------------
// Enumerations. Names as text are those of the API: ToText(Level::kItem) is "ITEM", and
// FromText<Level>("ITEM") (in any case of letters) is Level::kItem. kUnspecified has the empty
// text.

enum class RegistrantKind { kUnspecified, kEnterprise, kInstitute, kPartner };
enum class RegistrantState {
  kUnspecified,
  kPending,
  kActive,
  kSuspended,
  kClosed,
  kReturned,
  kRejected
};
enum class OrganizationCodeScheme { kUnspecified, kUscc, kLei, kOther };
enum class Role {
  kUnspecified,
  kBureauAdmin,
  kBureauAuditor,
  kRegistrantAdmin,
  kRegistrantWriter,
  kReader
};
enum class CredentialKind { kUnspecified, kToken, kHsPubkey = 3, kHsSeckey };
enum class CredentialState { kUnspecified, kActive, kRevoked, kExpired };
enum class PrefixState { kUnspecified, kActive, kSuspended, kRetired };
enum class SuffixCheckScheme { kUnspecified, kNone, kMod37_36, kMod97_10, kMod11_10, kGs1 };
enum class Tier { kUnspecified, kPublic, kPartner, kOwner };
enum class Level { kUnspecified, kModel, kBatch, kItem };
enum class State { kUnspecified, kReserved, kActive, kSuspended, kRetired };
enum class RetirementReason {
  kUnspecified,
  kScrapped,
  kConsumed,
  kExported,
  kSuperseded,  // requires a successor
  kRegisteredInError,
  kLostOrStolen,
  kNeverUsed,
  kDeleted,
  kOther  // requires text
};
enum class AttributeType {
  kUnspecified,
  kString,
  kInteger,
  kDecimal,
  kBoolean,
  kDate,
  kTime,
  kUrl,
  kIdentifier,
  kEnumeration,
  kDocument
};
enum class HoldSide { kUnspecified, kHolder, kBureau };
enum class SiteProtocol { kUnspecified, kGrpc, kHttps, kHandleTcp, kHandleUdp };
// What came of a registration. kUnchanged: the same one had been made before.
enum class Outcome { kUnspecified, kCreated, kUnchanged };

GUSU_EXPORT std::string_view ToText(RegistrantKind value);
GUSU_EXPORT std::string_view ToText(RegistrantState value);
GUSU_EXPORT std::string_view ToText(OrganizationCodeScheme value);
GUSU_EXPORT std::string_view ToText(Role value);
GUSU_EXPORT std::string_view ToText(CredentialKind value);
GUSU_EXPORT std::string_view ToText(CredentialState value);
GUSU_EXPORT std::string_view ToText(PrefixState value);
GUSU_EXPORT std::string_view ToText(SuffixCheckScheme value);
GUSU_EXPORT std::string_view ToText(Tier value);
GUSU_EXPORT std::string_view ToText(Level value);
GUSU_EXPORT std::string_view ToText(State value);
GUSU_EXPORT std::string_view ToText(RetirementReason value);
GUSU_EXPORT std::string_view ToText(AttributeType value);
GUSU_EXPORT std::string_view ToText(HoldSide value);
GUSU_EXPORT std::string_view ToText(SiteProtocol value);
GUSU_EXPORT std::string_view ToText(Outcome value);

// For any of the enumerations above. "-" counts as "_": registrant-writer is REGISTRANT_WRITER.
template <typename Enumeration>
std::optional<Enumeration> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<RegistrantKind> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<RegistrantState> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<OrganizationCodeScheme> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<Role> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<CredentialKind> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<CredentialState> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<PrefixState> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<SuffixCheckScheme> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<Tier> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<Level> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<State> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<RetirementReason> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<AttributeType> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<HoldSide> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<SiteProtocol> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<Outcome> FromText(std::string_view text);

// ---------------------------------------------------------------------------------------------
// Records

// A handle and the index of one of its values.
struct Reference {
  std::string identifier;
  uint32_t index = 0;
};

// One typed value of a record.
struct Value {
  // 0 on input: the index that the template or the type has, else the lowest free one.
  uint32_t index = 0;
  std::string type;  // a template attribute (`serial`) or a Handle type (`URL`)
  std::string data;  // any bytes; UTF-8 for template attributes; at most 64 KiB
  // How long a reader may cache the value; with cache_until given, that counts. Default: 86400.
  std::optional<uint32_t> ttl_seconds;
  std::optional<Timestamp> cache_until;
  Tier tier = Tier::kUnspecified;  // default: the template attribute's, else PUBLIC
  std::string language;            // BCP 47
  std::vector<Reference> references;
  bool is_digest = false;  // data is the SHA-256 (32 bytes) of a secret that is disclosed later
  // Output only from here on.
  std::string author;  // registrants/{id} or bureau
  std::optional<Timestamp> modified_time;
  std::string inherited_from;  // identifier of the batch or model that the value comes from
};

struct InstanceOf {
  std::string identifier;
  uint64_t revision = 0;  // 0: the latest
};

// Where a code that is older than this registry comes from.
struct Origin {
  std::string system;
  std::string original_identifier;
  std::optional<Timestamp> original_registration_time;
  std::string evidence_sha256;  // 32 bytes, or empty
};

struct Retirement {
  RetirementReason reason = RetirementReason::kUnspecified;
  std::string text;
  std::string successor;
  std::optional<Timestamp> time;  // output only
};

// Keeps a record as it is until the side that placed it lifts it.
struct Hold {
  uint32_t number = 0;  // unique within its record
  HoldSide side = HoldSide::kUnspecified;
  std::string reason;
  std::string document_number;
  std::optional<Timestamp> time;
};

// All but the fields that RegisterRow has is output only.
struct Record {
  std::string name;
  std::string identifier;  // as registered
  Level level = Level::kUnspecified;
  std::optional<InstanceOf> instance_of;
  std::string template_id;  // `product`; empty: free values
  uint32_t template_version = 0;
  std::string issued_by;  // registrants/{id}
  std::string owner;      // registrants/{id}
  std::string custodian;  // registrants/{id}
  State state = State::kUnspecified;
  std::vector<Value> values;
  std::optional<Origin> origin;
  std::optional<Timestamp> effective_time;
  std::optional<Retirement> retirement;
  std::string suspension_reason;
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> update_time;
  uint64_t revision = 0;  // microseconds since 1970 UTC; strictly increasing
  uint64_t leaf_index = 0;
  std::string etag;
  std::vector<Tier> erased_tiers;      // whose values of this revision were erased
  std::vector<Hold> holds;             // nobody changes the record while one of them stands
  uint32_t values_withheld_count = 0;  // of its own, that the caller may not read
  std::vector<Tier> withheld_tiers;    // theirs
  std::string serial_range;  // prefixes/{prefix}/serialRanges/{id} of a code that has no own record
};

// ---------------------------------------------------------------------------------------------
// Changes

// For whom the bureau acts, and why: both are named in the audit log, and the registrant sees it.
struct OnBehalfOf {
  std::string registrant;  // registrants/{id}
  std::string reason;      // 1 to 500 characters
};

// Where a change stands in the audit log.
struct Receipt {
  uint64_t leaf_index = 0;
  uint64_t revision = 0;  // microseconds since 1970 UTC; strictly increasing
  std::optional<Timestamp> commit_time;
  // When asked for with include_proof; or why there is none, though the change was made.
  std::optional<LeafProof> proof;
  Status proof_error;
};

// What one change made of a record.
struct RecordRevision {
  Record record;
  Receipt receipt;
  std::string operation;     // REGISTER, UPDATE, SUSPEND, …
  std::string actor;         // registrants/{id}, or bureau
  std::string on_behalf_of;  // registrants/{id} when the bureau acted for it
  std::string reason;
  std::string credential;
};

}  // namespace gusu
