#include "server/doors/http/html.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "proto/markup.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/target.h"

namespace gusu::server {
namespace {

constexpr std::array<std::string_view, 6> kWithoutEnd = {"input", "br", "img", "hr", "col", "wbr"};

bool HasEnd(std::string_view tag) {
  return std::find(kWithoutEnd.begin(), kWithoutEnd.end(), tag) == kWithoutEnd.end();
}

// With U+FFFD for what is not UTF-8 and for controls, which no page may have.
void AppendEscaped(std::string_view text, std::string& out) {
  std::string shown;
  for (const char c : ToUtf8(text)) {
    const bool is_control =
        (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    if (is_control) {
      shown += "\xEF\xBF\xBD";
    } else {
      shown.push_back(c);
    }
  }
  out += EscapeMarkup(shown);
}

// Whether every octet may stand in an address as it is.
bool IsEncoded(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet > 0x20 && octet != 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' &&
           c != '`';
  });
}

}  // namespace

HtmlUrl HtmlUrl::OfPath(std::string_view path_and_query) {
  const bool leads_here = path_and_query.starts_with('/') && !path_and_query.starts_with("//");
  return HtmlUrl(leads_here && IsEncoded(path_and_query) ? std::string(path_and_query) : "/");
}

HtmlUrl HtmlUrl::OfSegments(const std::vector<std::string_view>& segments) {
  std::string text;
  for (const std::string_view segment : segments) text += "/" + PercentEncode(segment);
  return OfPath(text);
}

HtmlUrl HtmlUrl::OfPlace(std::string_view id) { return HtmlUrl("#" + PercentEncode(id)); }

std::optional<HtmlUrl> HtmlUrl::OfWeb(std::string_view text) {
  size_t scheme = 0;
  for (const std::string_view each : {"https://", "http://"}) {
    if (absl::StartsWithIgnoreCase(AbslView(text), AbslView(each))) scheme = each.size();
  }
  if (scheme == 0 || !IsUtf8(text) || !IsEncoded(text)) return std::nullopt;
  std::string_view host = text.substr(scheme);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.empty() || host.starts_with(':') || host.find('@') != std::string_view::npos) {
    return std::nullopt;
  }
  for (std::string_view rest = text; !rest.empty();) {
    const auto character = TakeCharacter(rest);
    if (!character || IsInvisible(*character) || IsControl(*character) || IsSpace(*character)) {
      return std::nullopt;
    }
  }
  return HtmlUrl(std::string(text));
}

HtmlUrl HtmlUrl::With(std::string_view name, std::string_view value) const {
  const char divider = text_.find('?') == std::string::npos ? '?' : '&';
  return HtmlUrl(text_ + divider + PercentEncode(name) + "=" + PercentEncode(value));
}

void HtmlWriter::OpenWith(std::string_view tag, std::string_view address_attribute,
                          std::string_view address, HtmlAttributes attributes) {
  out_ += '<';
  out_ += tag;
  if (!address_attribute.empty()) {
    out_ += ' ';
    out_ += address_attribute;
    out_ += "=\"";
    AppendEscaped(address, out_);
    out_ += '"';
  }
  for (const HtmlAttribute& attribute : attributes) {
    out_ += ' ';
    out_ += attribute.name.name();
    if (attribute.value.empty()) continue;
    out_ += "=\"";
    AppendEscaped(attribute.value, out_);
    out_ += '"';
  }
  out_ += '>';
  if (HasEnd(tag)) open_.push_back(tag);
}

HtmlWriter& HtmlWriter::Open(HtmlTag tag, HtmlAttributes attributes) {
  OpenWith(tag.name(), "", "", attributes);
  return *this;
}

HtmlWriter& HtmlWriter::Close() {
  if (open_.empty()) std::abort();
  out_ += "</";
  out_ += open_.back();
  out_ += ">";
  open_.pop_back();
  return *this;
}

HtmlWriter& HtmlWriter::Text(std::string_view text) {
  AppendEscaped(text, out_);
  return *this;
}

HtmlWriter& HtmlWriter::Element(HtmlTag tag, std::string_view text, HtmlAttributes attributes) {
  return Open(tag, attributes).Text(text).Close();
}

HtmlWriter& HtmlWriter::Foreign(std::string_view text) { return Element("bdi", text); }

HtmlWriter& HtmlWriter::OpenLink(const HtmlUrl& url, HtmlAttributes attributes) {
  OpenWith("a", "href", url.text(), attributes);
  return *this;
}

HtmlWriter& HtmlWriter::Link(const HtmlUrl& url, std::string_view text, HtmlAttributes attributes) {
  return OpenLink(url, attributes).Text(text).Close();
}

HtmlWriter& HtmlWriter::ForeignLink(std::string_view address) {
  const std::optional<HtmlUrl> url = HtmlUrl::OfWeb(address);
  if (!url) return Foreign(address);
  return OpenLink(*url, {{"rel", "external nofollow noopener"}}).Foreign(address).Close();
}

HtmlWriter& HtmlWriter::Image(const HtmlUrl& url, std::string_view alternative,
                              HtmlAttributes attributes) {
  OpenWith("img", "src", url.text(), attributes);
  out_.pop_back();
  out_ += " alt=\"";
  AppendEscaped(alternative, out_);
  out_ += "\">";
  return *this;
}

HtmlWriter& HtmlWriter::OpenForm(FormMethod method, const HtmlUrl& action,
                                 HtmlAttributes attributes) {
  OpenWith("form", "action", action.text(), attributes);
  out_.pop_back();
  out_ += method == FormMethod::kPost ? " method=\"post\">" : " method=\"get\">";
  return *this;
}

HtmlWriter& HtmlWriter::Append(const HtmlWriter& other) {
  if (!other.open_.empty()) std::abort();
  out_ += other.out_;
  return *this;
}

std::string HtmlWriter::Finish() && {
  if (!open_.empty()) std::abort();
  return std::move(out_);
}

}  // namespace gusu::server
