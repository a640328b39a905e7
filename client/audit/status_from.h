// The library's errors from those of the contract's code.
#pragma once

#include "absl/status/statusor.h"
#include "gusu/status.h"

namespace gusu {

// With the reason and all metadata.
Status StatusFrom(const absl::Status& status);

template <typename T>
Result<T> ResultFrom(absl::StatusOr<T> value) {
  if (!value.ok()) return StatusFrom(value.status());
  return *std::move(value);
}

}  // namespace gusu
