// What all pages have around their content: head, landmarks, navigation, the switch of languages.
#pragma once

#include <string>
#include <vector>

#include "server/doors/http/html.h"
#include "server/doors/http/language.h"
#include "server/net/http_message.h"

namespace gusu::server {

struct HttpCall;

struct PageFrame {
  Language language = Language::kChinese;
  std::string title;  // text; the <h1> is the content's
  // Of the header, in order. The registry's own name, which leads to "/", is not one of them.
  struct Link {
    HtmlUrl url;
    std::string text;
    bool is_current = false;
  };
  std::vector<Link> navigation;
  // Behind the navigation: for example a form that signs out. May be empty.
  HtmlWriter header;
  // Whether the page has a search box whose camera scan assets/scan.js brings.
  bool has_scan = false;
  // Whether search engines may keep it.
  bool is_indexed = false;
};

// A whole page, of the call's path and query in the other language, too. Sets Content-Type,
// Content-Language and Vary; Cache-Control is the caller's.
HttpResponse PageAnswer(int status, const HttpCall& call, const PageFrame& frame,
                        const HtmlWriter& content);

}  // namespace gusu::server
