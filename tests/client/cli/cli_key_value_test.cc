#include <catch2/catch.hpp>
#include <fstream>

#include "client/cli/key_value.h"
#include "client/cli/write_options.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

KeyValue Parsed(const std::string& text) {
  OrFailure<KeyValue> parsed = ParseKeyValue(text);
  REQUIRE(parsed.ok());
  return *parsed;
}

TEST_CASE("the first = divides key and value") {
  const KeyValue value = Parsed("name=a=b");
  CHECK(value.key.type == "name");
  CHECK(value.key.index == 0);
  CHECK(value.data == "a=b");
  CHECK(Parsed("name=").data.empty());
}

TEST_CASE("a number before a colon is the index") {
  const KeyValue value = Parsed("1:URL=https://example.com/l1");
  CHECK(value.key.index == 1);
  CHECK(value.key.type == "URL");
  CHECK(value.data == "https://example.com/l1");
  CHECK(Parsed("a:b=c").key.type == "a:b");
}

TEST_CASE("keys that name nothing are refused") {
  for (const std::string text : {"name", "=x", "1:=x", "0:URL=x", "4294967296:URL=x", ""}) {
    CAPTURE(text);
    const OrFailure<KeyValue> parsed = ParseKeyValue(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.failure().exit_code == ExitCode::kUsage);
  }
}

TEST_CASE("@ names a file, @@ is an @") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/note";
  std::ofstream(path) << "line 1\nline 2";
  CHECK(Parsed("note=@" + path).data == "line 1\nline 2");
  CHECK(Parsed("note=@@home").data == "@home");
  const OrFailure<KeyValue> missing = ParseKeyValue("note=@" + directory.path() + "/none");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.failure().reason == "FILE_UNUSABLE");
}

TEST_CASE("a value of 64 KiB is taken, a longer one is not") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/big";
  std::ofstream(path) << std::string(65536, 'x');
  CHECK(Parsed("note=@" + path).data.size() == 65536);
  std::ofstream(path) << std::string(65537, 'x');
  CHECK_FALSE(ParseKeyValue("note=@" + path).ok());
  CHECK_FALSE(ParseKeyValue("note=" + std::string(65537, 'x')).ok());
}

TEST_CASE("headings may begin with a tier") {
  const OrFailure<ValueKey> plain = ParseColumnHeading("name");
  REQUIRE(plain.ok());
  CHECK(plain->tier == ValueTier::kDefault);
  const OrFailure<ValueKey> partner = ParseColumnHeading("partner:2003:cost");
  REQUIRE(partner.ok());
  CHECK(partner->tier == ValueTier::kPartner);
  CHECK(partner->index == 2003);
  CHECK(partner->type == "cost");
  CHECK_FALSE(ParseColumnHeading("owner:").ok());
}

TEST_CASE("an instance may be of a revision") {
  CHECK_FALSE(ToInstanceOf("").has_value());
  CHECK(ToInstanceOf("88.118.8/HP")->identifier == "88.118.8/HP");
  CHECK(ToInstanceOf("88.118.8/HP")->revision == 0);
  CHECK(ToInstanceOf("88.118.8/HP@17")->identifier == "88.118.8/HP");
  CHECK(ToInstanceOf("88.118.8/HP@17")->revision == 17);
  CHECK(ToInstanceOf("88.118.8/a@b")->identifier == "88.118.8/a@b");
}

TEST_CASE("words of an enumeration are told when one is wrong") {
  const auto level = ToEnumeration<Level>("modle", "level", kLevelChoices);
  REQUIRE_FALSE(level.ok());
  CHECK(level.failure().message == "'modle' is no level");
  CHECK(level.failure().hint == "one of model, batch, item");
  CHECK(*ToEnumeration<Level>("model", "level", kLevelChoices) == Level::kModel);
  CHECK(*ToEnumeration<Level>("", "level", kLevelChoices) == Level::kUnspecified);
}

}  // namespace
}  // namespace gusu::cli
