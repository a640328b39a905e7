// Rights that one registrant gives another, groups of registrants, and what is asked about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gusu/registrant.h"
#include "gusu/resources.h"

namespace gusu {

// ENDED: the prefix or the record passed to somebody else.
enum class GrantState { kUnspecified, kActive, kRevoked, kExpired, kEnded };

GUSU_EXPORT std::string_view ToText(GrantState value);
template <>
GUSU_EXPORT std::optional<GrantState> FromText(std::string_view text);

// Who is given a right: exactly one of these.
struct Grantee {
  std::string registrant;                             // registrants/{id}
  std::string group;                                  // registrants/{id}/groups/{id}, the grantor's
  std::optional<OrganizationCode> organization_code;  // whoever has it, now or later
};

// Which records a right is on: one of these. A template goes with the prefix that it counts in.
struct GrantScope {
  std::string prefix;                    // prefixes/{prefix}: all of its records and ranges
  std::string template_name;             // templates/{id}: only those of `prefix` that have it
  std::string identifier_beginning;      // `88.118.8/LOT-`
  std::vector<std::string> identifiers;  // 1 to 500 of one prefix
  std::string own_in_prefix;  // prefixes/{prefix}: those whose owner or custodian the grantee is
};

// What the grantee may do; one of them at least.
struct Rights {
  Tier read_tier = Tier::kUnspecified;        // PARTNER or OWNER
  std::vector<std::string> write_attributes;  // at most 100
  bool append_events = false;
};

struct Grant {
  std::string name;  // output only: registrants/{id}/grants/{id}, of the grantor
  Grantee grantee;
  GrantScope scope;
  Rights rights;
  std::optional<Timestamp> expire_time;  // default: a year after creation; at most five years
  std::string title;                     // at most 200 characters
  // Output only from here on.
  GrantState state = GrantState::kUnspecified;
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> revoke_time;
};

struct CreateGrantRequest {
  std::string parent;  // registrants/{id} of the grantor; default: the caller's
  Grant grant;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct RevokeGrantRequest {
  std::string name;  // registrants/{id}/grants/{id}
  std::string reason;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct GrantAnswer {
  Grant grant;
  Receipt receipt;
};

struct ListGrantsRequest {
  std::string parent;  // registrants/{id} of the grantor; empty: those that the caller was given
  uint32_t page_size = 0;
};

// Registrants under one name, to be granted rights together.
struct Group {
  std::string name;                  // registrants/{id}/groups/{id}
  std::string title;                 // at most 200 characters
  std::vector<std::string> members;  // registrants/{id}; at most 1000
  std::string etag;                  // output only
};

// The group as it is to be from now on, whole; made when it is not there.
struct SetGroupRequest {
  Group group;
  std::string reason;
  std::string etag;  // when given, the group's: refused when it has changed since, or is not there
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct GroupAnswer {
  Group group;
  Receipt receipt;
};

struct ListGroupsRequest {
  std::string parent;  // registrants/{id}
  uint32_t page_size = 0;
};

}  // namespace gusu
