// Readable text on labels, set with this machine's fonts.
//
// Rows break where words end, else between characters, without hyphens that the text has not. What
// is cut ends in "…". One block is set at a time: other threads wait.
#pragma once

#include <cairo.h>

#include <string>

#include "absl/status/statusor.h"
#include "proto/label/label.h"

namespace gusu {

struct TextExtent {
  double height_mm = 0;  // of all rows together
  bool is_cut = false;   // one of the lines is
};
// kFailedPrecondition / LABEL_GLYPH_MISSING.
absl::StatusOr<TextExtent> ExtentOf(const TextBlock& block);

// With the context's source; its user space is millimetres.
void DrawText(cairo_t* context, const TextBlock& block);

// The outlines of the characters, as the content of the attribute `d` of a path of SVG, in
// millimetres.
std::string OutlinesOf(const TextBlock& block);

}  // namespace gusu
