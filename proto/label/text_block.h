// Readable text on labels, set with this machine's fonts.
//
// Rows break where words end, else between characters. The first line of a block takes all the rows
// that it needs; each other one two at most, and then ends in "…". One block is set at a time:
// other threads wait.
#pragma once

#include <cairo.h>

#include <string>

#include "absl/status/statusor.h"
#include "proto/label/label.h"

namespace gusu {

// How high the block's rows are together. kFailedPrecondition / LABEL_GLYPH_MISSING.
absl::StatusOr<double> HeightOf(const TextBlock& block);

// With the context's source; its user space is millimetres.
void DrawText(cairo_t* context, const TextBlock& block);

// The outlines of the characters, as the content of the attribute `d` of a path of SVG, in
// millimetres.
std::string OutlinesOf(const TextBlock& block);

}  // namespace gusu
