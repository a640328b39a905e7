// What all answers have in common, whatever area made them: conditional requests, compression,
// CORS, and headers of security.
#pragma once

#include <string>
#include <string_view>

#include "server/net/http_message.h"

namespace gusu::server {

// How an area's answers are to be finished.
struct FinishRules {
  // Scripts of any site may read it, without the credentials that a browser keeps.
  bool is_public = false;
  // Not for pages that hold a secret beside what others wrote: their length would tell of it.
  bool compress = true;
};

inline constexpr size_t kCompressBytesMin = 1024;
inline constexpr size_t kCompressBytesMax = 16 << 20;

// The strong entity tag of a body: other bytes have another one.
std::string EtagOf(std::string_view body);

// Whether a list of If-None-Match names the entity tag, compared weakly; "*" names every one.
bool EtagListed(std::string_view if_none_match, std::string_view etag);

// Headers that the area set stay as they are. HEAD is asked as GET.
void Finish(const HttpRequest& request, const FinishRules& rules, HttpResponse* response);

// The answer to OPTIONS: 204, with what a script of another site may send to a public area.
HttpResponse OptionsAnswer(const FinishRules& rules);

}  // namespace gusu::server
