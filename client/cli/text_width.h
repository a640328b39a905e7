// How text looks on a terminal: columns that it takes, and a form that is safe to print.
#pragma once

#include <cstddef>
#include <string_view>

#include "proto/papers/text.h"

namespace gusu::cli {

// Columns of UTF-8 text on a terminal: East Asian wide and full-width characters take 2, combining
// and zero-width ones 0, a byte that is not UTF-8 takes 1.
size_t DisplayWidth(std::string_view text);

// A form that is safe to print.
using papers::Printable;

// Whether all of it is well-formed UTF-8.
bool IsUtf8(std::string_view text);

}  // namespace gusu::cli
