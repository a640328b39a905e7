// What the text of a template attribute must look like, by the attribute's type.
#pragma once

#include <string>
#include <string_view>

#include "server/template.h"

namespace gusu::server {

inline constexpr size_t kAttributeCharactersMax = 4000;

// What is wrong with `text` ("is not a date YYYY-MM-DD"); empty when nothing is.
std::string FaultOfAttributeText(const Attribute& attribute, std::string_view text);

// Whether it is YYYY-MM-DD, of a day that there is.
bool IsDate(std::string_view text);
// Whether it is an http or https URL with a host.
bool IsUrl(std::string_view text);

}  // namespace gusu::server
