// How text looks on a terminal: columns that it takes, and a form that is safe to print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gusu::cli {

// Columns of UTF-8 text on a terminal: East Asian wide and full-width characters take 2, combining
// and zero-width ones 0, a byte that is not UTF-8 takes 1.
size_t DisplayWidth(std::string_view text);

// Controls, and bytes that are not UTF-8, as \n, \t, \xHH or \u{HHHH}, so that what a registry
// holds cannot steer the reader's terminal. Everything else as it is.
std::string Printable(std::string_view text);

// Whether all of it is well-formed UTF-8.
bool IsUtf8(std::string_view text);

}  // namespace gusu::cli
