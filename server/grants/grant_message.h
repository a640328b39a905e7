// Grants and groups between their stored form and the API's.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class GrantRow;
class GroupRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class Grant;
class Group;
}  // namespace gusu::v1

namespace gusu::server {

// `revision` is that of the row's header. The state is that at `now` and in the view: a grant on
// single records, by their owner, has ENDED when the last of them has passed to somebody else
// since.
absl::Status FillGrant(const storage::View& view, const storage::v1::GrantRow& row,
                       uint64_t revision, absl::Time now, v1::Grant* message);

// Whether that state is ACTIVE.
absl::StatusOr<bool> IsActive(const storage::View& view, const storage::v1::GrantRow& row,
                              absl::Time now);

void FillGroup(const storage::v1::GroupRow& row, uint64_t revision, v1::Group* message);

}  // namespace gusu::server
