// What every code of a range to be allocated is: its record but for the identifier.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "proto/change.h"
#include "server/access.h"
#include "server/write_scope.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}
namespace gusu::v1 {
class AllocateSerialRangeRequest;
}

namespace gusu::server {

// Checks it as a registration's content is checked; in `preconditions` comes what it rests on. What
// is unique within the prefix cannot be a range's.
absl::Status ReadRangeContent(const storage::View& view,
                              const v1::AllocateSerialRangeRequest& request, const Acting& acting,
                              const WriteScope& scope, storage::v1::RecordRow* record,
                              std::vector<Precondition>* preconditions);

}  // namespace gusu::server
