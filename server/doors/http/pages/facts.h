// A list of names and what they are: <dl>.
#pragma once

#include <string_view>

#include "server/doors/http/html.h"

namespace gusu::server {

class Facts {
 public:
  explicit Facts(HtmlWriter& html) : html_(html), list_(html, "dl", {{"class", "facts"}}) {}

  // `name` is of the page's language.
  void Add(std::string_view name, std::string_view text) {
    Write(name, [text](HtmlWriter& html) { html.Text(text); });
  }
  // What others wrote.
  void AddForeign(std::string_view name, std::string_view text) {
    Write(name, [text](HtmlWriter& html) { html.Foreign(text); });
  }
  // `content` writes into the writer that it is given.
  template <typename Content>
  void Write(std::string_view name, const Content& content) {
    html_.Element("dt", name);
    html_.Open("dd");
    content(html_);
    html_.Close().Text("\n");
  }

 private:
  HtmlWriter& html_;
  const HtmlElement list_;
};

}  // namespace gusu::server
