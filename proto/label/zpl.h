// A label as ZPL II, the language of label printers: one format with the whole label as a graphic
// field, so that no font of the printer counts.
#pragma once

#include <string>

#include "proto/label/image.h"

namespace gusu {

// The field is in ASCII hexadecimal with ZPL's compression of repeated digits and rows, which
// printers without Z64 understand too. Ends with a newline.
std::string ToZpl(const LabelImage& image);

}  // namespace gusu
