// Answers that many areas give.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "server/net/http_message.h"

namespace gusu::server {

HttpResponse Answer(int status, std::string_view content_type, std::string body);
HttpResponse JsonAnswer(int status, std::string body);  // application/json
HttpResponse TextAnswer(int status, std::string body);  // text/plain; charset=utf-8
// 303 See Other, or another of the 300s.
HttpResponse RedirectAnswer(std::string_view location, int status = 303);

// The status of HTTP for one of ours: 404 for kNotFound, 409 for kAborted and kAlreadyExists, 429
// for kResourceExhausted…
int HttpStatusOf(const absl::Status& status);
// What a caller may be told: `status` itself, or for one without a reason of ours, which is a fault
// of the server and logged whole here, kInternal / INTERNAL. `where` is the method or the path.
absl::Status ToldStatus(std::string_view where, const absl::Status& status);
// google.rpc.Status as JSON, with HttpStatusOf; Retry-After where the error says retry_after_ms,
// WWW-Authenticate with 401.
HttpResponse StatusAnswer(std::string_view where, const absl::Status& status);
// 404 for a path that nobody answers.
HttpResponse NothingHere();
// 405 with Allow.
HttpResponse MethodNotAllowed(std::string_view allowed);

}  // namespace gusu::server
