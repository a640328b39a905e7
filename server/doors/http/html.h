// Writes HTML that shows what others wrote, safely by construction: names of elements and
// attributes are literals, checked when they are compiled; everything else is escaped here. There
// is no way to write raw text, a script, a style, an event handler, or an address other than an
// HtmlUrl.
//
//   HtmlWriter html;
//   html.Open("p", {{"class", "note"}}).Text("5 < 6").Close();
//   html.Link(HtmlUrl::OfSegments({"88.118.8", suffix}), suffix);
//   {
//     const HtmlElement list(html, "ul");
//     html.Element("li", name);
//   }
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gusu::server {

// An address that a page may lead to.
class HtmlUrl {
 public:
  // Here: a path and perhaps a query, encoded already. What would lead to another host, or is no
  // such path, becomes "/".
  static HtmlUrl OfPath(std::string_view path_and_query);
  // Here: each segment is encoded.
  static HtmlUrl OfSegments(const std::vector<std::string_view>& segments);
  // A place on the same page: its id.
  static HtmlUrl OfPlace(std::string_view id);
  // Anywhere: an absolute http or https address with a host and without user name. nullopt: it is
  // not one, and may only be shown as text.
  static std::optional<HtmlUrl> OfWeb(std::string_view text);

  // With one more parameter, behind those that it has.
  HtmlUrl With(std::string_view name, std::string_view value) const;
  const std::string& text() const { return text_; }

 private:
  explicit HtmlUrl(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// The name of an element. No script and no style: those are files, which the page frame names.
class HtmlTag {
 public:
  consteval HtmlTag(const char* name) : name_(name) {  // NOLINT: literals are names
    if (name_.empty() || name_ == "script" || name_ == "style" || name_ == "base" ||
        name_ == "object" || name_ == "embed" || name_ == "iframe" || name_ == "meta") {
      throw "not an element that a page may have";
    }
    for (const char c : name_) {
      if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
        throw "not the name of an element";
      }
    }
  }
  constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

// The name of an attribute whose value is text: not one that holds an address, a style or a script.
class HtmlAttributeName {
 public:
  consteval HtmlAttributeName(const char* name) : name_(name) {  // NOLINT: as HtmlTag
    if (name_.empty() || name_ == "href" || name_ == "src" || name_ == "action" ||
        name_ == "formaction" || name_ == "style" || name_ == "srcdoc" || name_ == "srcset" ||
        name_ == "ping" || name_ == "data" || name_ == "poster" || name_.starts_with("on")) {
      throw "an attribute whose value is no text";
    }
    for (const char c : name_) {
      if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
          c != '-') {
        throw "not the name of an attribute";
      }
    }
  }
  constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

struct HtmlAttribute {
  HtmlAttributeName name;
  std::string_view value;  // of a boolean attribute: empty
};
using HtmlAttributes = std::initializer_list<HtmlAttribute>;

class HtmlWriter {
 public:
  // Elements without an end (input, br, img, hr, col) are complete at once, and not closed.
  HtmlWriter& Open(HtmlTag tag, HtmlAttributes attributes = {});
  // The innermost open one.
  HtmlWriter& Close();
  // Octets that are not UTF-8, and controls but line ends and tabs, show as U+FFFD.
  HtmlWriter& Text(std::string_view text);
  // Open, Text, Close.
  HtmlWriter& Element(HtmlTag tag, std::string_view text, HtmlAttributes attributes = {});
  // What somebody else wrote, set apart so that its direction of writing stays its own: <bdi>.
  HtmlWriter& Foreign(std::string_view text);

  HtmlWriter& OpenLink(const HtmlUrl& url, HtmlAttributes attributes = {});  // until Close
  HtmlWriter& Link(const HtmlUrl& url, std::string_view text, HtmlAttributes attributes = {});
  // Of an address that others wrote: a link where HtmlUrl::OfWeb allows it, else its text.
  HtmlWriter& ForeignLink(std::string_view address);
  HtmlWriter& Image(const HtmlUrl& url, std::string_view alternative,
                    HtmlAttributes attributes = {});
  enum class FormMethod { kGet, kPost };
  HtmlWriter& OpenForm(FormMethod method, const HtmlUrl& action, HtmlAttributes attributes = {});

  // The whole of another, which has no open element.
  HtmlWriter& Append(const HtmlWriter& other);

  bool empty() const { return out_.empty(); }
  size_t depth() const { return open_.size(); }
  // All elements must be closed.
  std::string Finish() &&;

 private:
  friend class PageHead;
  void OpenWith(std::string_view tag, std::string_view address_attribute, std::string_view address,
                HtmlAttributes attributes);

  std::string out_;
  std::vector<std::string_view> open_;  // literals
};

// An element that is open while this lives.
class HtmlElement {
 public:
  HtmlElement(HtmlWriter& html, HtmlTag tag, HtmlAttributes attributes = {}) : html_(html) {
    html_.Open(tag, attributes);
  }
  ~HtmlElement() { html_.Close(); }
  HtmlElement(const HtmlElement&) = delete;
  HtmlElement& operator=(const HtmlElement&) = delete;

 private:
  HtmlWriter& html_;
};

}  // namespace gusu::server
