// What kind of data a request brings.
#pragma once

#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "server/net/http_message.h"

namespace gusu::server {

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

// The media type in lower case, without parameters; empty: none was said.
inline std::string ContentType(const HttpRequest& request) {
  const std::string_view header = request.Header("Content-Type");
  std::string type(header.substr(0, header.find(';')));
  absl::StripAsciiWhitespace(&type);
  absl::AsciiStrToLower(&type);
  return type;
}

}  // namespace gusu::server
