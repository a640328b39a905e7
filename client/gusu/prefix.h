// Prefixes, and what is asked about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gusu/registrant.h"
#include "gusu/resources.h"

namespace gusu {

// Whether what a change of the prefix was (its opening in the audit log) is shown to everybody.
enum class Disclosure { kUnspecified, kClosed, kOpen };

GUSU_EXPORT std::string_view ToText(Disclosure value);
template <>
GUSU_EXPORT std::optional<Disclosure> FromText(std::string_view text);

// What a suffix must look like to be registered. Resolution never depends on it.
struct SuffixPolicy {
  uint32_t characters_max = 0;  // 0: as many as an identifier's 255 leave
  SuffixCheckScheme check_scheme = SuffixCheckScheme::kUnspecified;  // default: NONE
  std::string pattern;  // that a whole suffix matches; empty: letters, digits and . _ : + - /
  bool allows_unicode = false;  // takes characters beyond ASCII, where `pattern` is empty
};

// A server of another registry.
struct Site {
  std::string address;  // a host name or numeric address
  SiteProtocol protocol = SiteProtocol::kUnspecified;
  uint32_t port = 0;
  std::string public_key;  // DER of a SubjectPublicKeyInfo, or empty
};

// Who resolves an identifier that is not resolved here.
struct Referral {
  std::string prefix;       // prefixes/{prefix}, the delegated one
  std::vector<Site> sites;  // any of them answers
};

struct Prefix {
  std::string name;    // prefixes/{prefix}
  std::string prefix;  // as granted
  std::string holder;  // registrants/{id}
  uint64_t quota = 0;  // how many records and range codes may exist below it; 0: no limit
  SuffixPolicy suffix_policy;
  Disclosure disclosure = Disclosure::kUnspecified;  // default: CLOSED
  std::vector<Site> sites;  // where its identifiers are resolved when that is elsewhere
  // Output only from here on.
  PrefixState state = PrefixState::kUnspecified;
  std::string state_reason;    // why it is SUSPENDED or RETIRED
  uint64_t quota_granted = 0;  // how much of the quota its derived prefixes were granted
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> update_time;
  std::string etag;
};

// By the bureau; a derived prefix by the holder of the one above too, within its quota.
struct GrantPrefixRequest {
  std::string prefix;  // as it is to be written on labels
  std::string holder;  // registrants/{id}
  uint64_t quota = 0;
  SuffixPolicy suffix_policy;
  Disclosure disclosure = Disclosure::kUnspecified;
  std::string reason;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct PrefixAnswer {
  Prefix prefix;
  Receipt receipt;
};

// What is not given stays.
struct UpdatePrefixRequest {
  std::string name;               // prefixes/{prefix}
  std::optional<uint64_t> quota;  // by the bureau; of a derived prefix by the holder above too
  Disclosure disclosure = Disclosure::kUnspecified;  // by the holder and the bureau
  std::string reason;
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// Who resolves its identifiers from now on; it has no records, ranges or derived prefixes.
struct DelegatePrefixRequest {
  std::string name;         // prefixes/{prefix}
  std::vector<Site> sites;  // 1 to 16; none: here again
  std::string reason;
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// Open offers, grants and the old holder's rights end in the same commit.
struct TransferPrefixRequest : Decision {
  std::string holder;  // registrants/{id}
};
struct SuspendPrefixRequest : Decision {};
struct ActivatePrefixRequest : Decision {};
struct RetirePrefixRequest : Decision {};

// Only those that fit all of what is given.
struct ListPrefixesRequest {
  std::string holder;  // registrants/{id}: only its own
  std::string above;   // prefixes/{prefix}: only those derived from it
  PrefixState state = PrefixState::kUnspecified;
  uint32_t page_size = 0;
};

}  // namespace gusu
