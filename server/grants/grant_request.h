// A grant and a group as they are asked for: what can be checked and filled in without the store.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gusu::storage::v1 {
class GrantRow;
class GroupRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class CreateGrantRequest;
class Group;
}  // namespace gusu::v1

namespace gusu::server {

inline constexpr absl::Duration kGrantLifeDefault = absl::Hours(365 * 24);
inline constexpr absl::Duration kGrantLifeMax = absl::Hours(5 * 366 * 24);
// Single records of one grant.
inline constexpr int kGrantIdentifiersMax = 500;
inline constexpr int kGrantAttributesMax = 100;
inline constexpr int kGroupMembersMax = 1000;

// The row of `grantor`'s grant, with its id and its expiry; whether its names exist, and what the
// grantor may give, is the store's to say. Its id follows from what is asked for and the request
// id, so that a repeat finds it. kInvalidArgument / FIELD_MISSING, FIELD_INVALID, BATCH_TOO_LARGE,
// IDENTIFIER_MALFORMED or ORGANIZATION_CODE_MALFORMED names the field.
absl::StatusOr<storage::v1::GrantRow> ReadGrant(const v1::CreateGrantRequest& request,
                                                const std::string& grantor, absl::Time now);

// Members in the order of ids. kInvalidArgument / FIELD_MISSING, FIELD_INVALID, BATCH_TOO_LARGE.
absl::StatusOr<storage::v1::GroupRow> ReadGroup(const v1::Group& group);

}  // namespace gusu::server
