// A stored row: which change wrote it, and a message of gusu.storage.v1.
//
// Bytes: format 0x01 ‖ revision (8 bytes big-endian) ‖ leaf index (8 bytes big-endian) ‖ payload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::storage {

struct Row {
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::string payload;
};

std::string EncodeRow(uint64_t revision, uint64_t leaf_index, std::string_view payload);
// kDataLoss when the header is not one.
absl::StatusOr<Row> DecodeRow(std::string_view bytes);

inline constexpr size_t kRowHeaderBytes = 17;

// What DecodeRow reads before the payload, without copying that.
struct RowHeader {
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
};
absl::StatusOr<RowHeader> DecodeRowHeader(std::string_view bytes);

}  // namespace gusu::storage
