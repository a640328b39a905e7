// Serial ranges between their stored form and the API's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class SerialRangeRow;
class ValueRow;
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

// All of a range, with the values that `covers` says. kDataLoss / RECORD_CORRUPT when its pattern
// cannot be read.
absl::Status FillSerialRange(const storage::View& view, const StoredRange& range,
                             const std::function<bool(const storage::v1::ValueRow&)>& covers,
                             v1::SerialRange* message);

}  // namespace gusu::server
