#include "server/log.h"

#include <catch2/catch.hpp>

namespace gusu::server {
namespace {

TEST_CASE("an event is one line, whatever its values hold") {
  CHECK(FormatEvent("stopped", {}) == "stopped");
  CHECK(FormatEvent("listening", {{"door", "grpc"}, {"address", "[::1]:7440"}}) ==
        "listening door=grpc address=[::1]:7440");
  CHECK(FormatEvent("e", {{"empty", ""}, {"space", "a b"}, {"equals", "a=b"}}) ==
        "e empty=\"\" space=\"a b\" equals=\"a=b\"");
  CHECK(FormatEvent("e", {{"v", "a\"b\\c\nd\x1b[0m\x7f"}}) ==
        "e v=\"a\\\"b\\\\c\\nd\\x1b[0m\\x7f\"");
  CHECK(FormatEvent("e", {{"name", "苏州水泵厂"}}) == "e name=苏州水泵厂");
}

TEST_CASE("a long value is cut between characters") {
  std::string value(1999, 'x');
  value += "水泵";
  CHECK(FormatEvent("e", {{"v", value}}) == "e v=" + std::string(1999, 'x') + "…");
  CHECK(FormatEvent("e", {{"v", std::string(2000, 'x')}}) == "e v=" + std::string(2000, 'x'));
}

}  // namespace
}  // namespace gusu::server
