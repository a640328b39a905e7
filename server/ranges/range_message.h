// Serial ranges between their stored form and the API's.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "server/value_selection.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class SerialRangeRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class SerialRange;
}

namespace gusu::server {

// A row as the view has it, or had it.
struct StoredRange {
  const storage::v1::SerialRangeRow& row;
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::string prefix_holder;  // as of the answer (server/ownership.h)
};

// The right to the values that all codes of a range share. `row` is as it stands now. Grants of
// single codes show nothing of the others: the right is that to a code without a name.
ReadRight RightToRange(const storage::View& view, const Caller& caller,
                       const storage::v1::SerialRangeRow& row, absl::Time now);

// All of a range, with the values that the right covers. kDataLoss / RECORD_CORRUPT when its
// pattern cannot be read.
absl::Status FillSerialRange(const storage::View& view, const StoredRange& range,
                             const ReadRight& right, v1::SerialRange* message);

}  // namespace gusu::server
