// The rows that the audit log is made of, as readers want them: openings and full tiles.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace gusu::storage {

// Canonical bytes (proto/opening.h) and the 32 random bytes that go with them.
struct Opening {
  std::string bytes;
  std::string salt;
};

// kDataLoss / RECORD_CORRUPT names `key` when the row is not an opening's.
absl::StatusOr<Opening> ParseOpening(std::string_view key, std::string_view row);

// The openings of the leaves in [first, end), in order, until `visit` returns false, from one scan.
// kDataLoss / RECORD_CORRUPT names the first one that is missing or damaged.
absl::Status ScanOpenings(
    const Snapshot& snapshot, uint64_t first, uint64_t end,
    const std::function<bool(uint64_t leaf_index, const Opening& opening)>& visit);

// The bytes of a tile that is full. kDataLoss / RECORD_CORRUPT when they are not there, or too few.
absl::StatusOr<std::string> ReadFullTile(const Snapshot& snapshot, uint32_t level, uint64_t index);

}  // namespace gusu::storage
