// A label as PNG: grey, with the dots per inch in its header, so that programs print it in its
// size.
#pragma once

#include <string>

#include "proto/label/image.h"

namespace gusu {

std::string ToPng(const LabelImage& image, int dpi);

}  // namespace gusu
