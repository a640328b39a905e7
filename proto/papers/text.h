// Text as papers and terminals show it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gusu::papers {

// Controls, characters that reorder what is shown, and bytes that are not UTF-8, as \n, \t, \xHH or
// \u{HHHH}, so that what a registry holds cannot steer the reader. Everything else as it is.
std::string Printable(std::string_view text);

// 1234567 is 1,234,567.
std::string WithThousands(uint64_t number);

}  // namespace gusu::papers
