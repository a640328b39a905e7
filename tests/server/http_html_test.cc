// What pages are made of: text that stays text, addresses that lead where they may, languages, and
// colours that can be read.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>

#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/accept.h"
#include "server/doors/http/assets.h"
#include "server/doors/http/html.h"
#include "server/doors/http/language.h"
#include "server/doors/http/page_frame.h"
#include "tests/random.h"
#include "tests/server/html_check.h"
#include "tests/server/http_world.h"

namespace gusu::server {
namespace {

HttpCall CallOf(std::string_view target, std::vector<HttpHeader> headers = {}) {
  HttpCall call;
  call.request =
      std::make_shared<const HttpRequest>(HttpWorld::Request("GET", target, std::move(headers)));
  call.target = *ParseTarget(target);
  return call;
}

// What a reader is to see of any bytes.
std::string Visible(std::string_view bytes) {
  std::string visible;
  for (const char c : ToUtf8(bytes)) {
    const bool is_control =
        (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    visible += is_control ? "\xEF\xBF\xBD" : std::string(1, c);
  }
  return visible;
}

std::string WebUrl(std::string_view text) {
  const auto url = HtmlUrl::OfWeb(text);
  return url ? url->text() : "refused";
}

Language Preferred(std::string_view accept_language) {
  return LanguageOf(CallOf("/", {{"Accept-Language", std::string(accept_language)}}));
}

// The colours that style.css gives names, of its light or its dark half.
std::map<std::string, double> Luminances(bool dark) {
  const std::string_view style = FindAsset("style.css")->content;
  const size_t dark_begin = style.find("@media (prefers-color-scheme: dark)");
  REQUIRE(dark_begin != std::string_view::npos);
  std::string_view half =
      dark ? style.substr(dark_begin, style.find("\n}\n", dark_begin) - dark_begin)
           : style.substr(0, dark_begin);
  std::map<std::string, double> luminances;
  for (size_t at = half.find("--"); at != std::string_view::npos; at = half.find("--", at + 2)) {
    const size_t colon = half.find(": #", at);
    const std::string name(half.substr(at + 2, colon - at - 2));
    double luminance = 0;
    for (const auto& [offset, weight] : {std::pair{0, 0.2126}, {2, 0.7152}, {4, 0.0722}}) {
      const int level = std::stoi(std::string(half.substr(colon + 3 + offset, 2)), nullptr, 16);
      const double part = level / 255.0;
      luminance +=
          weight * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
    }
    luminances[name] = luminance;
  }
  return luminances;
}

double Contrast(double a, double b) { return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05); }

}  // namespace

TEST_CASE("whatever bytes are written as text or attribute, a reader sees them and nothing else") {
  test::Random random("html");
  const std::string markup = "<script>alert(1)</script>\"' onload=x &amp; &lt; ]]> <!-- -->\0\x7f";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t i = random.Below(40); i > 0; --i) {
      text += random.Below(2) == 0 ? random.Bytes(1)
                                   : std::string(1, markup[random.Below(markup.size())]);
    }
    HtmlWriter content;
    content.Element("h1", text).Element("p", "x", {{"title", text}, {"data-x", text}});
    content.ForeignLink(text);
    PageFrame frame;
    frame.title = text;
    const HttpResponse page = PageAnswer(200, CallOf("/x"), frame, content);
    const test::HtmlRead read = test::ReadHtml(page.body);
    INFO(page.body);
    REQUIRE(read.faults == std::vector<std::string>{});
    REQUIRE(read.text.find("\n" + Visible(text) + "\n") != std::string::npos);
    for (const test::HtmlTagRead& tag : read.tags) {
      if (tag.name == "p") REQUIRE(tag.Attribute("data-x") == Visible(text));
    }
  }
}

TEST_CASE("a page leads to http and https addresses of others, and to nothing else of theirs") {
  CHECK(WebUrl("https://pumps.example/HP-1?a=b&c#d") == "https://pumps.example/HP-1?a=b&c#d");
  CHECK(WebUrl("HTTP://[2001:db8::1]:80/") == "HTTP://[2001:db8::1]:80/");
  CHECK(WebUrl("https://例子.example/泵") == "https://例子.example/泵");
  for (const char* refused : {"javascript:alert(1)",
                              "JavaScript:alert(1)",
                              " https://a.example",
                              "https://a.example\n",
                              "data:text/html,x",
                              "//a.example/",
                              "/here",
                              "https:a.example",
                              "https://",
                              "https:///x",
                              "https://user@a.example/",
                              "https://:80/",
                              "ftp://a.example/",
                              "https://a.example/\"x",
                              "https://a.example/<x>",
                              "https://a.example\\@b",
                              "https://a.example/ x",
                              "https://a.example/\xE2\x80\xAE",
                              "https://a.example/\xFF",
                              ""}) {
    INFO(refused);
    CHECK(WebUrl(refused) == "refused");
  }
}

TEST_CASE("an address of this server never leads to another one") {
  CHECK(HtmlUrl::OfPath("/a/b?c=d").text() == "/a/b?c=d");
  CHECK(HtmlUrl::OfPath("//evil.example/x").text() == "/");
  CHECK(HtmlUrl::OfPath("/\\evil.example").text() == "/");
  CHECK(HtmlUrl::OfPath("/\t/evil.example").text() == "/");
  CHECK(HtmlUrl::OfPath("https://evil.example/").text() == "/");
  CHECK(HtmlUrl::OfPath("").text() == "/");
  CHECK(HtmlUrl::OfSegments({"", "evil.example"}).text() == "/");
  CHECK(HtmlUrl::OfSegments({"a", "b/c?d#e"}).With("q", "1 & 2").With("r", "").text() ==
        "/a/b%2Fc%3Fd%23e?q=1%20%26%202&r=");
  // The switch of languages takes the path as it was sent.
  const HttpResponse page =
      PageAnswer(200, CallOf("//evil.example/?a=1"), PageFrame(), HtmlWriter());
  CHECK(page.body.find("href=\"/?a=1&amp;lang=en\"") != std::string::npos);
  CHECK(page.body.find("evil") == std::string::npos);
}

TEST_CASE("the language is the one asked for, else the one preferred, else Chinese") {
  CHECK(LanguageOf(CallOf("/?lang=en", {{"Accept-Language", "zh"}})) == Language::kEnglish);
  CHECK(LanguageOf(CallOf("/?lang=zh", {{"Accept-Language", "en"}})) == Language::kChinese);
  CHECK(LanguageOf(CallOf("/?lang=fr", {{"Accept-Language", "en"}})) == Language::kEnglish);
  CHECK(LanguageOf(CallOf("/")) == Language::kChinese);
  CHECK(Preferred("en-GB,en;q=0.9") == Language::kEnglish);
  CHECK(Preferred("fr, en;q=0.5, zh-Hans-CN;q=0.8") == Language::kChinese);
  CHECK(Preferred("fr, de") == Language::kChinese);
  CHECK(Preferred("en;q=0") == Language::kChinese);
  CHECK(Preferred("zh;q=0, EN-us;q=0.001") == Language::kEnglish);
  CHECK(Preferred("english, en_US, ;q=1, en;q=2, en;q=x") == Language::kChinese);
}

TEST_CASE("what a client takes best of what is offered is what it gets") {
  const std::vector<std::string_view> offered = {"text/html", "application/json", "text/csv"};
  using Choice = std::optional<size_t>;
  CHECK(ChooseMediaType("", offered) == Choice(0));
  CHECK(ChooseMediaType("*/*", offered) == Choice(0));
  CHECK(ChooseMediaType("application/json", offered) == Choice(1));
  CHECK(ChooseMediaType("text/html;q=0.5, application/*", offered) == Choice(1));
  CHECK(ChooseMediaType("text/*, text/html;q=0", offered) == Choice(2));
  CHECK(ChooseMediaType("text/html;level=1;q=0.2, */*;q=0.1", offered) == Choice(0));
  CHECK(ChooseMediaType("image/png", offered) == Choice());
  CHECK(ChooseMediaType("*/*;q=0", offered) == Choice());
  // What is malformed is no wish; without any left, everything is taken.
  CHECK(ChooseMediaType(";;q=1,,", offered) == Choice(0));
  // What is beyond the 64th wish does not count.
  std::string many;
  for (int i = 0; i < 64; ++i) many += "a/b,";
  CHECK(ChooseMediaType(many + "text/html", offered) == Choice());
}

TEST_CASE("every colour of text can be read on what it stands on, by day and by night") {
  const std::vector<std::pair<const char*, const char*>> texts = {
      {"text", "ground"},      {"text", "raised"},       {"quiet", "ground"},
      {"quiet", "raised"},     {"link", "ground"},       {"link", "raised"},
      {"on-accent", "accent"}, {"good", "good-ground"},  {"warn", "warn-ground"},
      {"bad", "bad-ground"},   {"bad", "ground"},        {"text", "warn-ground"},
      {"text", "bad-ground"},  {"quiet", "warn-ground"}, {"link", "bad-ground"},
      {"text", "good-ground"}, {"link", "warn-ground"}};
  for (const bool dark : {false, true}) {
    auto luminances = Luminances(dark);
    REQUIRE(luminances.size() == 15);
    for (const auto& [text, ground] : texts) {
      INFO(text << " on " << ground << (dark ? ", dark" : ", light"));
      CHECK(Contrast(luminances.at(text), luminances.at(ground)) >= 4.5);
    }
    // What surrounds controls, and what shows where the focus is.
    CHECK(Contrast(luminances.at("control"), luminances.at("ground")) >= 3);
    CHECK(Contrast(luminances.at("accent"), luminances.at("ground")) >= 3);
  }
}

TEST_CASE("files of pages are kept for ever by their content, and there are no others") {
  HttpWorld world;
  for (const char* name : {"style.css", "scan.js", "icon.svg"}) {
    const HttpResponse named = world.Get(AssetUrl(name).text());
    CHECK(named.status == 200);
    CHECK(named.body == FindAsset(name)->content);
    CHECK(named.Header("Cache-Control") == "public, max-age=31536000, immutable");
    const HttpResponse plain = world.Get(Concat("/assets/", name));
    CHECK(plain.body == named.body);
    CHECK(plain.Header("Cache-Control") == "public, no-cache");
    const std::string etag(named.Header("ETag"));
    CHECK(world.Get(AssetUrl(name).text(), {{"If-None-Match", etag}}).status == 304);
  }
  CHECK(world.Get("/assets/style.css?v=0123456789abcdef").Header("Cache-Control") ==
        "public, no-cache");
  for (const char* path : {"/assets", "/assets/", "/assets/x.css", "/assets/style.css/",
                           "/assets/../style.css", "/assets/%73tyle.css"}) {
    INFO(path);
    CHECK(world.Get(path).status == 404);
  }
  CHECK(world.Ask("POST", "/assets/style.css").status == 405);
}

}  // namespace gusu::server
