// The limits of a batch, as every engine enforces them.
#pragma once

#include "absl/status/status.h"
#include "storage/engine.h"

namespace gusu::storage {

// kInvalidArgument / BATCH_OUT_OF_BOUNDS, naming the key, value or batch that is too large or
// empty.
absl::Status CheckLimits(const Batch& batch);

}  // namespace gusu::storage
