#include "server/doors/http/page_frame.h"

#include <utility>

#include "server/doors/http/answer.h"
#include "server/doors/http/assets.h"
#include "server/doors/http/call.h"

namespace gusu::server {

// The head of a page, which alone names style and script.
class PageHead {
 public:
  static void Write(const PageFrame& frame, HtmlWriter& html) {
    html.Open("head");
    html.out_ +=
        "<meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\">";
    if (!frame.is_indexed) html.out_ += "<meta name=\"robots\" content=\"noindex\">";
    html.Element("title", frame.title);
    html.out_ += "\n<link rel=\"stylesheet\" href=\"" + AssetUrl("style.css").text() + "\">";
    html.out_ += "<link rel=\"icon\" href=\"" + AssetUrl("icon.svg").text() + "\">";
    if (frame.has_scan) {
      html.out_ += "<script src=\"" + AssetUrl("scan.js").text() + "\" defer></script>";
    }
    html.Close();
    html.out_ += "\n";
  }
  static void Doctype(HtmlWriter& html) { html.out_ += "<!doctype html>\n"; }
};

namespace {

// The same page in the other language.
HtmlUrl InOtherLanguage(const HttpTarget& target, Language other) {
  HtmlUrl url = HtmlUrl::OfPath(target.raw_path);
  for (const auto& [name, value] : target.query) {
    if (name != "lang") url = url.With(name, value);
  }
  return url.With("lang", LanguageParameter(other));
}

void WriteHeader(const HttpCall& call, const PageFrame& frame, HtmlWriter& html) {
  const Language language = frame.language;
  const Language other = language == Language::kChinese ? Language::kEnglish : Language::kChinese;
  html.Link(HtmlUrl::OfPlace("main"), Words{"跳到正文", "Skip to content"}.In(language),
            {{"class", "skip"}});
  const HtmlElement header(html, "header", {{"class", "site"}});
  html.Link(HtmlUrl::OfPath("/").With("lang", LanguageParameter(language)),
            Words{"标识登记", "Gusu registry"}.In(language), {{"class", "brand"}});
  {
    const HtmlElement nav(html, "nav", {{"aria-label", Words{"导航", "Navigation"}.In(language)}});
    for (const PageFrame::Link& link : frame.navigation) {
      if (link.is_current) {
        html.Link(link.url, link.text, {{"aria-current", "page"}});
      } else {
        html.Link(link.url, link.text);
      }
    }
    html.Link(InOtherLanguage(call.target, other), Words{"中文", "English"}.In(other),
              {{"lang", LanguageTag(other)},
               {"hreflang", LanguageTag(other)},
               {"class", "language"},
               {"rel", "alternate nofollow"}});
  }
  html.Append(frame.header);
}

}  // namespace

HttpResponse PageAnswer(int status, const HttpCall& call, const PageFrame& frame,
                        const HtmlWriter& content) {
  HtmlWriter html;
  PageHead::Doctype(html);
  {
    const HtmlElement document(html, "html", {{"lang", LanguageTag(frame.language)}});
    PageHead::Write(frame, html);
    const HtmlElement body(html, "body");
    WriteHeader(call, frame, html);
    html.Text("\n");
    html.Open("main", {{"id", "main"}, {"tabindex", "-1"}}).Text("\n");
    html.Append(content);
    html.Close().Text("\n");
  }
  HttpResponse response =
      Answer(status, "text/html; charset=utf-8", std::move(html).Finish() + "\n");
  response.SetHeader("Content-Language", std::string(LanguageTag(frame.language)));
  response.SetHeader("Vary", "Accept-Language");
  return response;
}

}  // namespace gusu::server
