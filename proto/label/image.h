// A label in dots.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/label/label.h"

namespace gusu {

struct LabelImage {
  // What one label may take; 100x150mm at 600 dpi are 8.4 million.
  static constexpr size_t kDotsMax = 16'000'000;

  size_t width = 0;
  size_t height = 0;
  std::vector<uint8_t> light;  // row by row: 0 is black, 255 white
};

// Of a label's picture.
size_t DotsCount(const Label& label, int dpi);

// The symbol is black and white, the edges of characters are grey. kInvalidArgument /
// LABEL_TOO_LARGE.
absl::StatusOr<LabelImage> ToImage(const Label& label, int dpi);

}  // namespace gusu
