#include "server/page_token.h"

#include <catch2/catch.hpp>

#include "proto/error.h"
#include "tests/random.h"

using gusu::server::PageScope;

namespace {

bool IsRefused(const PageScope& scope, std::string_view token) {
  const auto position = scope.Read(token);
  return !position.ok() && position.status().code() == absl::StatusCode::kInvalidArgument &&
         gusu::ErrorReason(position.status()) == "PAGE_TOKEN_INVALID";
}

}  // namespace

TEST_CASE("a page token gives back its position, whatever its bytes") {
  const PageScope scope("List", {"a", "b"});
  gusu::test::Random random("page tokens");
  for (int i = 0; i < 2000; ++i) {
    const std::string position = random.Bytes(1 + random.Below(300));
    REQUIRE(scope.Read(scope.Token(position)).value() == position);
  }
  CHECK(scope.Read("").value().empty());
}

TEST_CASE("a page token is good for its own list only") {
  const std::string token = PageScope("List", {"a", "b"}).Token("position");
  CHECK_FALSE(IsRefused(PageScope("List", {"a", "b"}), token));
  CHECK(IsRefused(PageScope("Other", {"a", "b"}), token));
  CHECK(IsRefused(PageScope("List", {"a", "c"}), token));
  CHECK(IsRefused(PageScope("List", {"ab", ""}), token));
  CHECK(IsRefused(PageScope("List", {"a"}), token));
  CHECK(IsRefused(PageScope("List", {"a", "b", ""}), token));
}

TEST_CASE("a page token that is cut, changed or made up is refused") {
  const PageScope scope("List", {"a"});
  const std::string token = scope.Token("88.118.8/HP-1");
  for (size_t length = 1; length < token.size(); ++length) {
    REQUIRE(IsRefused(scope, token.substr(0, length)));
  }
  for (size_t i = 0; i < token.size(); ++i) {
    std::string wrong = token;
    wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
    REQUIRE(IsRefused(scope, wrong));
  }
  CHECK(IsRefused(scope, token + "A"));
  CHECK(IsRefused(scope, token + "="));
  CHECK(IsRefused(scope, "next"));
  CHECK(IsRefused(scope, std::string(5000, 'A')));
}

TEST_CASE("page sizes are brought into their bounds") {
  CHECK(gusu::server::PageSize(0) == 100);
  CHECK(gusu::server::PageSize(1) == 1);
  CHECK(gusu::server::PageSize(1000) == 1000);
  CHECK(gusu::server::PageSize(1001) == 1000);
  CHECK(gusu::server::PageSize(~0u) == 1000);
}
