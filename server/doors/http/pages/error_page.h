// What a page says when there is no record to show, told apart: malformed, unknown prefix, never
// issued, no right, too often, and what else can be wrong with a request.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "server/doors/http/pages/reader.h"
#include "server/net/http_message.h"

namespace gusu::server {

struct HttpCall;

// `asked` is the code as it was asked for, and what the search box begins with.
HttpResponse ErrorPage(const HttpCall& call, const Reader& reader, const absl::Status& status,
                       std::string_view asked);

}  // namespace gusu::server
