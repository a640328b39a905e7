// Text in XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace gusu {

// & < > " and ' as references, for content and for attributes in quotes of either kind. Other
// characters stay, also those that no document may have.
std::string EscapeMarkup(std::string_view text);

}  // namespace gusu
