// Reads a page of HTML as strictly as it was meant, and says what is wrong with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gusu::test {

struct HtmlTagRead {
  std::string name;                                             // "/p" for an end
  std::vector<std::pair<std::string, std::string>> attributes;  // values unescaped
  std::string Attribute(std::string_view wanted) const;         // empty: none, or without a value
  bool Has(std::string_view wanted) const;
};

struct HtmlRead {
  std::vector<HtmlTagRead> tags;  // in order
  std::string text;               // between tags, unescaped, with a line end for each tag
  // Of form (unbalanced, unquoted, unescaped), of access (language, title, one h1, labels, text of
  // images, main, order of headings, ids that stand once) and of safety (scripts, styles, handlers,
  // addresses that are neither here nor http).
  std::vector<std::string> faults;
};

HtmlRead ReadHtml(std::string_view page);

}  // namespace gusu::test
