// Targets of requests: paths, queries and forms, in every encoding that they come in.
#include <catch2/catch.hpp>
#include <string>

#include "proto/error.h"
#include "proto/text.h"
#include "server/doors/http/target.h"
#include "tests/random.h"

namespace gusu::server {
namespace {

std::string Show(const absl::StatusOr<std::string>& decoded) {
  return decoded.ok()
             ? *decoded
             : Concat(ErrorReason(decoded.status()), ": ", StdView(decoded.status().message()));
}

// `path segment|segment name=value&name=value`.
std::string Parsed(std::string_view text) {
  const auto target = ParseTarget(text);
  if (!target.ok()) return Show(target.status());
  std::string shown = target->raw_path + " ";
  for (const std::string& segment : target->segments) shown += segment + "|";
  shown.pop_back();
  for (const auto& [name, value] : target->query) shown += Concat(" ", name, "=", value);
  return shown;
}

}  // namespace

TEST_CASE("a target is a path, whose segments stay as they were sent, and decoded parameters") {
  CHECK(Parsed("/") == "/ ");
  CHECK(Parsed("/v1/prefixes/88.118.8/records/A%2FB") ==
        "/v1/prefixes/88.118.8/records/A%2FB v1|prefixes|88.118.8|records|A%2FB");
  CHECK(Parsed("/x?a=1&b=%E6%89%B9+%2B&a=2&&flag&=v&c==") == "/x x a=1 b=批 + a=2 flag= =v c==");
  CHECK(Parsed("/a/../b/./c//d") == "/a/../b/./c//d a|..|b|.|c||d");
  CHECK(Parsed("/x?") == "/x x");
  CHECK(Parsed("/x?y?z=1") == "/x x y?z=1");
}

TEST_CASE("a parameter is found by its name, and all of its values in their order") {
  const auto target = ParseTarget("/x?index=1&type=URL&index=2");
  REQUIRE(target.ok());
  CHECK(target->Parameter("index") == "1");
  CHECK(target->Parameter("Index") == std::nullopt);
  CHECK(target->Parameters("index") == std::vector<std::string_view>{"1", "2"});
  CHECK(target->raw_query == "index=1&type=URL&index=2");
}

TEST_CASE("a path is decoded as a whole, so that a suffix may hold a slash either way") {
  const auto path = [](std::string_view text) { return Show(ParseTarget(text)->DecodedPath()); };
  CHECK(path("/88.118.8%2FHP-1") == "88.118.8/HP-1");
  CHECK(path("/88.118.8/HP-1") == "88.118.8/HP-1");
  CHECK(path("/88.118.8/%E6%89%B9%e6%AC%A1%2f01") == "88.118.8/批次/01");
  CHECK(path("/88.118.8/A+B") == "88.118.8/A+B");
  CHECK(path("/%25") == "%");
  CHECK(path("/") == "");
}

TEST_CASE("what is no target is refused, with the place where it goes wrong") {
  const auto refused = [](const std::string& what) { return "TARGET_MALFORMED: target " + what; };
  CHECK(Parsed("") == refused(": must begin with \"/\""));
  CHECK(Parsed("http://id.example/") == refused("http://id.example/: must begin with \"/\""));
  CHECK(Parsed("*") == refused("*: must begin with \"/\""));
  CHECK(Parsed("/a#b") == refused("/a#b: has a fragment"));
  CHECK(Parsed("/a b") == refused("/a b: has a space or a control character"));
  CHECK(Parsed(std::string_view("/a\0b", 4)) ==
        refused("/a\\u{0000}b: has a space or a control character"));
  CHECK(Parsed("/x?a=%4") == refused("a=%4: \"%\" at byte 2 has no two hexadecimal digits"));
  CHECK(Parsed("/x?a=1%zz") == refused("a=1%zz: \"%\" at byte 3 has no two hexadecimal digits"));
  CHECK(Parsed("/x?%=1") == refused("%=1: \"%\" at byte 0 has no two hexadecimal digits"));
  CHECK(Parsed("/x?a=%C0%AF") == refused("a=%C0%AF: is not UTF-8 when decoded"));
  const auto path = ParseTarget("/%ED%A0%80");
  REQUIRE(path.ok());
  CHECK(Show(path->DecodedPath()) == refused("%ED%A0%80: is not UTF-8 when decoded"));
  CHECK(Show(ParseTarget("/%%")->DecodedPath()) ==
        refused("%%: \"%\" at byte 0 has no two hexadecimal digits"));
}

TEST_CASE("more parameters than the bound are refused before any is read") {
  std::string query = "/x?a=1";
  for (size_t i = 1; i < HttpTarget::kPairsMax; ++i) query += "&a=1";
  REQUIRE(ParseTarget(query).ok());
  CHECK(ParseTarget(query)->query.size() == HttpTarget::kPairsMax);
  CHECK(ErrorReason(ParseTarget(query + "&a=1").status()) == "TARGET_MALFORMED");
}

TEST_CASE("what is encoded is decoded to what it was, whatever bytes of UTF-8 it holds") {
  test::Random random("http targets");
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (size_t i = random.Below(20); i > 0; --i) {
      const std::string_view piece[] = {"a", "Z9", "-._~", "/",  "%", "+",    " ",
                                        "&", "=",  "?#",   "批", "é", "\x01", "%2F"};
      text += piece[random.Below(std::size(piece))];
    }
    INFO(text);
    CHECK(Show(PercentDecode(PercentEncode(text))) == text);
    const auto form = ParseForm(PercentEncode(text) + "=" + PercentEncode(text));
    REQUIRE(form.ok());
    CHECK(*form == FormPairs{{text, text}});
    CHECK(PercentEncode(text).find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%") ==
          std::string::npos);
  }
}

}  // namespace gusu::server
