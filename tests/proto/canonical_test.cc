#include "proto/canonical.h"

#include <catch2/catch.hpp>
#include <cstdio>

#include "proto/error.h"
#include "proto/hash.h"
#include "tests/random.h"

using gusu::CanonicalReader;
using gusu::CanonicalWriter;

namespace {

// Fields as tag=hex, or the reason of the refusal.
std::string Read(std::string_view bytes) {
  auto reader = CanonicalReader::Open(bytes, 1);
  if (!reader.ok()) return gusu::ErrorReason(reader.status());
  std::string out;
  while (true) {
    const auto field = reader->Next();
    if (!field.ok()) return gusu::ErrorReason(field.status());
    if (!*field) return out;
    out += std::to_string((*field)->tag) + "=" + gusu::HexEncode((*field)->content) + ";";
  }
}

constexpr const char* kMalformed = "CANONICAL_BYTES_MALFORMED";

}  // namespace

TEST_CASE("canonical bytes are version, then tag, length and content of each field") {
  CanonicalWriter writer(7);
  writer.Text(1, "ab").Number(2, 258).Element(9, "").Element(9, "c");
  CHECK(gusu::HexEncode(std::move(writer).Take()) ==
        "07"
        "01000000026162"
        "02000000080000000000000102"
        "0900000000"
        "090000000163");
}

TEST_CASE("absent, empty and zero are the same canonical bytes") {
  CanonicalWriter writer(1);
  writer.Text(1, "").Number(2, 0);
  CHECK(std::move(writer).Take() == std::string(1, '\1'));
}

TEST_CASE("a reader gives back the fields in order") {
  CanonicalWriter writer(1);
  writer.Text(1, "ab").Element(9, "").Element(9, "c");
  CHECK(Read(std::move(writer).Take()) == "1=6162;9=;9=63;");
  CHECK(Read(std::string(1, '\1')).empty());
}

TEST_CASE("a reader refuses every truncation") {
  CanonicalWriter writer(1);
  writer.Text(1, "ab").Text(200, "cdef");
  const std::string bytes = std::move(writer).Take();
  for (size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    // A cut between two fields leaves fewer fields, which is for the message above to refuse.
    if (length == 1 || length == 8) continue;
    CHECK(Read(std::string_view(bytes).substr(0, length)) == kMalformed);
  }
}

TEST_CASE("a reader refuses another version, tag 0, descending tags and lengths beyond the end") {
  using std::string_literals::operator""s;
  CHECK(Read("\2"s) == kMalformed);
  CHECK(Read("\1\0\0\0\0\0"s) == kMalformed);
  CHECK(Read("\1\2\0\0\0\1a\1\0\0\0\1b"s) == kMalformed);
  CHECK(Read("\1\1\0\0\0\2a"s) == kMalformed);
  CHECK(Read("\1\1\xff\xff\xff\xff"s) == kMalformed);
}

TEST_CASE("numbers that are zero or not 8 bytes, and empty text, are refused") {
  using std::string_literals::operator""s;
  const auto number = [](const std::string& content) {
    return CanonicalReader::NumberOf({.tag = 1, .content = content});
  };
  CHECK(number("\0\0\0\0\0\0\1\2"s).value() == 258);
  CHECK_FALSE(number("\0\0\0\0\0\0\0\0"s).ok());
  CHECK_FALSE(number("\0\0\0\0\0\0\1"s).ok());
  CHECK_FALSE(number("\0\0\0\0\0\0\0\0\1"s).ok());
  CHECK_FALSE(number("").ok());
  CHECK_FALSE(CanonicalReader::TextOf({.tag = 1, .content = ""}).ok());
  CHECK(CanonicalReader::TextOf({.tag = 1, .content = "x"}).value() == "x");
}

TEST_CASE("a reader survives any bytes") {
  gusu::test::Random random("canonical reader");
  for (int i = 0; i < 20000; ++i) Read("\1" + random.Bytes(random.Below(40)));
}
