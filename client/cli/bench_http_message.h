// The requests that a benchmark of the HTTP door sends, and how its answers are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gusu/status.h"

namespace gusu::cli {

// What a registry answers with is far below.
inline constexpr size_t kHttpAnswerBytesMax = 4 << 20;

// GET /v1/records:resolve of the code; `server` is HOST:PORT.
std::string HttpResolveRequest(const std::string& server, std::string_view code);

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // as they came
  std::string_view body;                                     // in the bytes that were read
  size_t bytes = 0;                                          // of head and body
};

// The answer at the beginning of what was received: nullopt while it is not whole. kInternal for
// bytes that are none, and for one whose body has no Content-Length or that is longer than the
// bound.
Result<std::optional<HttpAnswer>> ReadHttpAnswer(std::string_view received);

// OK for a resolved record; what the registry says otherwise.
Status StatusOfHttpAnswer(const HttpAnswer& answer);

}  // namespace gusu::cli
