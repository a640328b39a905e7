#include <catch2/catch.hpp>
#include <sstream>

#include "client/cli/csv_reader.h"
#include "client/cli/rejects.h"
#include "proto/papers/csv.h"
#include "tests/random.h"

namespace gusu::cli {
namespace {

std::vector<CsvRecord> ReadAll(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(in);
  std::vector<CsvRecord> records;
  for (CsvRecord record; reader.Next(&record);) records.push_back(record);
  CHECK(reader.bytes_read() == text.size());
  return records;
}

using Fields = std::vector<std::string>;

TEST_CASE("fields, quotes and empty cells are read as RFC 4180 has them") {
  const auto records = ReadAll("a,b,c\n\"x,y\",\"say \"\"hi\"\"\",\n,,\n\"two\nlines\",2,3");
  REQUIRE(records.size() == 4);
  CHECK(records[0].fields == Fields{"a", "b", "c"});
  CHECK(records[1].fields == Fields{"x,y", "say \"hi\"", ""});
  CHECK(records[2].fields == Fields{"", "", ""});
  CHECK(records[3].fields == Fields{"two\nlines", "2", "3"});
  CHECK(records[3].line == 4);
}

TEST_CASE("a byte order mark, CRLF and empty lines make no difference") {
  const auto records = ReadAll(
      "\xEF\xBB\xBF"
      "a,b\r\n\r\n1,\"2\"\r\n\n3,4\r\n");
  REQUIRE(records.size() == 3);
  CHECK(records[0].fields == Fields{"a", "b"});
  CHECK(records[1].fields == Fields{"1", "2"});
  CHECK(records[1].line == 3);
  CHECK(records[2].fields == Fields{"3", "4"});
  CHECK(ReadAll("").empty());
  CHECK(ReadAll("\n\r\n").empty());
}

TEST_CASE("a fault names line and column, and the next line is read") {
  const auto inside = ReadAll("a,b\n1,x\"y\n3,4\n");
  REQUIRE(inside.size() == 3);
  CHECK(inside[1].fault == "line 2, column 4: a quote inside a field that does not begin with one");
  CHECK(inside[2].fields == Fields{"3", "4"});

  const auto after = ReadAll("a,b\n\"1\"2,3\n4,5\n");
  REQUIRE(after.size() == 3);
  CHECK(after[1].fault == "line 2, column 4: text after a closing quote");
  CHECK(after[2].fields == Fields{"4", "5"});

  const auto open = ReadAll("a,b\n1,\"never\nends\n");
  REQUIRE(open.size() == 2);
  CHECK(open[1].fault == "line 2, column 3: a quote that is never closed");

  const auto nul = ReadAll(std::string("a\nx\0y\nb\n", 8));
  REQUIRE(nul.size() == 3);
  CHECK(nul[1].fault == "line 2, column 2: a NUL byte");
}

TEST_CASE("a record and its fields have bounds") {
  const auto wide = ReadAll(std::string(kCsvFieldsMax, ',') + "\nb\n");
  REQUIRE(wide.size() == 2);
  CHECK(wide[0].fault.ends_with("more than 1024 fields"));
  CHECK(wide[1].fields == Fields{"b"});
  const auto longest = ReadAll(std::string(kCsvRecordBytesMax + 10, 'x') + "\nb\n");
  REQUIRE(longest.size() == 2);
  CHECK(longest[0].fault.ends_with("record longer than 1 MiB"));
  CHECK(longest[1].fields == Fields{"b"});
}

TEST_CASE("whatever is written as CSV is read as it was") {
  test::Random random("csv round trip");
  static constexpr char kAlphabet[] = {'a', ',', '"', '\n', '\r', ' ', '\t', '\xE8'};
  for (int round = 0; round < 500; ++round) {
    std::vector<Fields> rows;
    std::string text;
    const size_t columns = 2 + random.Below(4);
    for (size_t i = 0; i <= random.Below(5); ++i) {
      Fields row;
      for (size_t column = 0; column < columns; ++column) {
        std::string field;
        for (size_t n = random.Below(6); n > 0; --n) {
          field.push_back(kAlphabet[random.Below(sizeof kAlphabet)]);
        }
        text += (column == 0 ? "" : ",") + papers::CsvField(field);
        row.push_back(field);
      }
      text += random.Below(2) == 0 ? "\n" : "\r\n";
      rows.push_back(row);
    }
    CAPTURE(random.seed(), round, text);
    const auto records = ReadAll(text);
    REQUIRE(records.size() == rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      CHECK(records[i].fault.empty());
      CHECK(records[i].fields == rows[i]);
    }
  }
}

TEST_CASE("arbitrary bytes are read to their end, within bounds") {
  test::Random random("csv bytes");
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    static constexpr char kAlphabet[] = {'a', ',', '"', '\n', '\r', '\0', '\xEF', '\xBB', '\xBF'};
    for (size_t n = random.Below(40); n > 0; --n) {
      text.push_back(kAlphabet[random.Below(sizeof kAlphabet)]);
    }
    CAPTURE(random.seed(), round, text);
    const auto records = ReadAll(text);
    CHECK(records.size() <= text.size());
    for (const CsvRecord& record : records) {
      if (record.fault.empty()) continue;
      CHECK(record.fault.starts_with("line "));
    }
  }
}

}  // namespace
}  // namespace gusu::cli
