#include "storage/row.h"

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::storage {
namespace {

constexpr char kFormat = 1;

void PutNumber(std::string& bytes, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
}

uint64_t NumberAt(std::string_view bytes, size_t at) {
  uint64_t number = 0;
  for (size_t i = at; i < at + 8; ++i) number = number << 8 | static_cast<uint8_t>(bytes[i]);
  return number;
}

}  // namespace

std::string EncodeRow(uint64_t revision, uint64_t leaf_index, std::string_view payload) {
  std::string bytes;
  bytes.reserve(kRowHeaderBytes + payload.size());
  bytes += kFormat;
  PutNumber(bytes, revision);
  PutNumber(bytes, leaf_index);
  return bytes += payload;
}

absl::StatusOr<RowHeader> DecodeRowHeader(std::string_view bytes) {
  if (bytes.size() < kRowHeaderBytes || bytes[0] != kFormat) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 Concat("a stored row of ", bytes.size(), " bytes does not begin as rows do"));
  }
  return RowHeader{NumberAt(bytes, 1), NumberAt(bytes, 9)};
}

absl::StatusOr<Row> DecodeRow(std::string_view bytes) {
  auto header = DecodeRowHeader(bytes);
  if (!header.ok()) return std::move(header).status();
  return Row{header->revision, header->leaf_index, std::string(bytes.substr(kRowHeaderBytes))};
}

}  // namespace gusu::storage
