// The records that grants name one by one, registered or codes of a serial range, and whether who
// gave a grant still is what it gave it as.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class GrantRow;
class RecordRow;
}  // namespace gusu::storage::v1

namespace gusu::server {

// A code as it stands now; nullptr when it was never issued.
absl::StatusOr<std::shared_ptr<const storage::v1::RecordRow>> RecordNow(
    const storage::View& view, const Identifier& identifier);

// Of a grant by_holder: whether the grantor has held the prefix ever since.
bool HoldsStill(const storage::Directory& directory, const storage::v1::GrantRow& grant);
// Of another grant: whether the grantor has owned `record` ever since, which stands at `place` in
// the grant's list.
bool OwnsStill(const storage::v1::GrantRow& grant, int place, const storage::v1::RecordRow& record);

}  // namespace gusu::server
