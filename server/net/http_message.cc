#include "server/net/http_message.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

bool IsNamed(const HttpHeader& header, std::string_view name) {
  return absl::EqualsIgnoreCase(AbslView(header.name), AbslView(name));
}

std::string_view FirstOf(const std::vector<HttpHeader>& headers, std::string_view name) {
  for (const HttpHeader& header : headers) {
    if (IsNamed(header, name)) return header.value;
  }
  return {};
}

}  // namespace

std::string_view HttpRequest::Header(std::string_view name) const { return FirstOf(headers, name); }

size_t HttpRequest::HeaderCount(std::string_view name) const {
  return static_cast<size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [name](const HttpHeader& header) { return IsNamed(header, name); }));
}

void HttpResponse::SetHeader(std::string_view name, std::string value) {
  std::erase_if(headers, [name](const HttpHeader& header) { return IsNamed(header, name); });
  headers.push_back({std::string(name), std::move(value)});
}

std::string_view HttpResponse::Header(std::string_view name) const {
  return FirstOf(headers, name);
}

}  // namespace gusu::server
