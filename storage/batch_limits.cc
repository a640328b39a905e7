#include "storage/batch_limits.h"

#include "absl/strings/str_cat.h"
#include "proto/error.h"

namespace gusu::storage {
namespace {

absl::Status OutOfBounds(const std::string& what, size_t bytes, size_t bytes_max) {
  return Error(
      absl::StatusCode::kInvalidArgument, "BATCH_OUT_OF_BOUNDS",
      absl::StrCat("a ", what, " of ", bytes, " bytes is outside the limit of ", bytes_max),
      {{"what", what}, {"bytes", absl::StrCat(bytes)}, {"bytes_max", absl::StrCat(bytes_max)}});
}

absl::Status CheckPair(const std::string& key, const std::optional<std::string>& value,
                       size_t& batch_bytes) {
  if (key.empty() || key.size() > kKeyBytesMax) {
    return OutOfBounds("key", key.size(), kKeyBytesMax);
  }
  const size_t value_bytes = value.has_value() ? value->size() : 0;
  if (value_bytes > kValueBytesMax) return OutOfBounds("value", value_bytes, kValueBytesMax);
  batch_bytes += key.size() + value_bytes;
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLimits(const Batch& batch) {
  size_t bytes = 0;
  for (const auto& [key, value] : batch.expectations) {
    if (absl::Status status = CheckPair(key, value, bytes); !status.ok()) return status;
  }
  for (const auto& [key, value] : batch.writes) {
    if (absl::Status status = CheckPair(key, value, bytes); !status.ok()) return status;
  }
  if (bytes > kBatchBytesMax) return OutOfBounds("batch", bytes, kBatchBytesMax);
  return absl::OkStatus();
}

}  // namespace gusu::storage
