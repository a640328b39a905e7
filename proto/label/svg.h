// A label as SVG 1.1: shapes only, so that it looks the same without this machine's fonts.
#pragma once

#include <string>

#include "proto/label/label.h"

namespace gusu {

// Its title is the code.
std::string ToSvg(const Label& label);

}  // namespace gusu
