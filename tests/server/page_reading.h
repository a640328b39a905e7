// Reads what the public pages answer, for tests.
#pragma once

#include <string>
#include <string_view>

#include "server/net/http_message.h"
#include "tests/server/html_check.h"

namespace gusu::server {

inline const HttpHeader kEnglish = {"Accept-Language", "en"};

// A page that is as it must be, with the status that is expected.
test::HtmlRead ReadPage(const HttpResponse& response, int status);
std::string TextOf(const HttpResponse& response, int status);

// `303 /88.118.8/HP-1`.
std::string RedirectOf(const HttpResponse& response);

// Of the error that a body of JSON is.
std::string ReasonOf(const HttpResponse& response);

}  // namespace gusu::server
