// The error of a row that cannot be what was written.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace gusu::storage {

// kDataLoss / RECORD_CORRUPT: "the row at key K is damaged: WHAT", and the key in hex.
absl::Status RowCorrupt(std::string_view key, std::string_view what);

}  // namespace gusu::storage
