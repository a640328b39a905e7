#include <catch2/catch.hpp>
#include <sstream>

#include "client/cli/import_source.h"
#include "client/cli/progress.h"
#include "client/cli/rejects.h"

namespace gusu::cli {
namespace {

std::vector<ImportRow> ReadCsv(const std::string& text, const ImportDefaults& defaults = {}) {
  std::istringstream in(text);
  auto source = OpenCsvSource(in, defaults);
  REQUIRE(source.ok());
  std::vector<ImportRow> rows;
  for (ImportRow row; (*source)->Next(&row);) rows.push_back(row);
  return rows;
}

std::vector<ImportRow> ReadJsonLines(const std::string& text, const ImportDefaults& defaults = {}) {
  std::istringstream in(text);
  const auto source = OpenJsonLinesSource(in, defaults);
  std::vector<ImportRow> rows;
  for (ImportRow row; source->Next(&row);) rows.push_back(row);
  return rows;
}

std::string HeadingFault(const std::string& text) {
  std::istringstream in(text);
  const auto source = OpenCsvSource(in, {});
  return source.ok() ? "" : source.failure().message;
}

TEST_CASE("a CSV row is a registration, empty cells are absent") {
  const auto rows = ReadCsv(
      "identifier,template,level,instance_of,name,1:URL,partner:cost\n"
      "88.118.8/HP-1,product,model,,Pump,,12\n"
      "88.118.8/HP-2,,item,88.118.8/HP-1@17,泵,https://x,\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fault.empty());
  CHECK(rows[0].row == 1);
  CHECK(rows[0].line == 2);
  const RegisterRow& first = rows[0].registration;
  CHECK(first.identifier == "88.118.8/HP-1");
  CHECK(first.template_id == "product");
  CHECK(first.level == Level::kModel);
  CHECK_FALSE(first.instance_of.has_value());
  REQUIRE(first.values.size() == 2);
  CHECK(first.values[0].type == "name");
  CHECK(first.values[0].data == "Pump");
  CHECK(first.values[0].tier == Tier::kUnspecified);
  CHECK(first.values[1].type == "cost");
  CHECK(first.values[1].tier == Tier::kPartner);
  const RegisterRow& second = rows[1].registration;
  CHECK(second.instance_of->identifier == "88.118.8/HP-1");
  CHECK(second.instance_of->revision == 17);
  REQUIRE(second.values.size() == 2);
  CHECK(second.values[1].index == 1);
  CHECK(second.values[1].type == "URL");
}

TEST_CASE("a row that is wrong says where, and the others go on") {
  const auto rows = ReadCsv(
      "identifier,level,name\n"
      "88.118.8/1,model\n"
      "88.118.8/2,modle,x\n"
      ",item,x\n"
      "88.118.8/4,item,\xCB\xD5\n"
      "88.118.8/5,item,x,y\n"
      "88.118.8/6,item,good\n");
  REQUIRE(rows.size() == 6);
  CHECK(rows[0].fault == "line 2, column 3: the row has 2 columns, the heading 3");
  CHECK(rows[1].fault == "line 3, column 2: level 'modle' is no level");
  CHECK(rows[2].fault == "line 4, column 1: no identifier");
  CHECK(rows[3].fault.starts_with("line 5, column 3: name is not UTF-8"));
  CHECK(rows[4].fault == "line 6, column 4: the row has 4 columns, the heading 3");
  CHECK(rows[5].fault.empty());
}

TEST_CASE("a heading that is wrong ends the import before it begins") {
  CHECK(HeadingFault("") == "the file is empty: it has no heading line");
  CHECK(HeadingFault("name,model\n") == "the heading has no column 'identifier'");
  CHECK(HeadingFault("identifier,name,name\n") == "line 1, column 3: 'name' is there twice");
  CHECK(HeadingFault("identifier,,name\n") == "line 1, column 2: '' names no type");
  CHECK(HeadingFault("identifier,na\"me\n").starts_with("in the heading: line 1, column 14"));
}

TEST_CASE("defaults fill in what a row leaves open") {
  const auto rows =
      ReadCsv("identifier,level,name\nHP-1,,Pump\n88.118.8/HP-2,batch,Pump\na/b,,Pump\n",
              {"88.118.8", "product", "model", "88.118.8/HP"});
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].registration.identifier == "88.118.8/HP-1");
  CHECK(rows[0].registration.level == Level::kModel);
  CHECK(rows[0].registration.template_id == "product");
  CHECK(rows[0].registration.instance_of->identifier == "88.118.8/HP");
  CHECK(rows[1].registration.identifier == "88.118.8/HP-2");
  CHECK(rows[1].registration.level == Level::kBatch);
  CHECK(rows[2].registration.identifier == "88.118.8/a/b");
}

TEST_CASE("a JSON line may write values as an object or as the registry does") {
  const auto rows = ReadJsonLines(
      R"({"identifier":"88.118.8/1","template":"product","level":"MODEL",)"
      R"("values":{"name":"Pump","count":3,"x":null,"1:URL":"https://x","owner:note":"n"}})"
      "\n\n"
      R"({"identifier":"88.118.8/2","name":"prefixes/88.118.8/records/2","revision":17,"etag":"e",)"
      R"("instance_of":{"identifier":"88.118.8/1","revision":5},"values":[)"
      R"({"index":2000,"type":"name","data":"Pump","tier":"PUBLIC","author":"registrants/a"},)"
      R"({"index":2001,"type":"model","data":"M","inherited_from":"88.118.8/1"}]})"
      "\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fault.empty());
  REQUIRE(rows[0].registration.values.size() == 4);
  CHECK(rows[0].registration.values[1].data == "3");
  CHECK(rows[0].registration.values[2].index == 1);
  CHECK(rows[0].registration.values[3].tier == Tier::kOwner);
  CHECK(rows[1].fault.empty());
  CHECK(rows[1].line == 3);
  CHECK(rows[1].registration.instance_of->revision == 5);
  REQUIRE(rows[1].registration.values.size() == 1);
  CHECK(rows[1].registration.values[0].index == 2000);
  CHECK(rows[1].registration.values[0].tier == Tier::kPublic);
}

TEST_CASE("a JSON line that is wrong says where") {
  const auto rows = ReadJsonLines(
      "{\"identifier\":\n[]\n{\"identifier\":\"88/1\",\"nmae\":1}\n"
      "{\"identifier\":\"88/1\",\"values\":{\"name\":[]}}\n"
      "{\"identifier\":\"88/1\",\"values\":[{\"index\":-1}]}\n{\"values\":{}}\n");
  REQUIRE(rows.size() == 6);
  CHECK(rows[0].fault.starts_with("line 1, column 15"));
  CHECK(rows[1].fault == "line 2, column 1: not an object");
  CHECK(rows[2].fault == "line 3, column 1: nmae is not known");
  CHECK(rows[3].fault == "line 4, column 1: values[name]: not text, a number or a truth value");
  CHECK(rows[4].fault == "line 5, column 1: values[0]: index is not a number");
  CHECK(rows[5].fault == "line 6, column 1: no identifier");
}

TEST_CASE("the progress line tells share, rate and remaining time") {
  CHECK(ProgressLine({500, 1000, 12000, 2, 3}) ==
        "[############............]  50%  12,000 rows  4,000/s  0:03 left  2 refused");
  CHECK(ProgressLine({500, 0, 12000, 0, 3}) == "12,000 rows  4,000/s");
  CHECK(ProgressLine({0, 1000, 0, 0, 0}) == "[........................]   0%  0 rows");
  CHECK(ProgressLine({1, 10000, 1, 0, 1}).ends_with("2:46:39 left"));
  CHECK(WithThousands(0) == "0");
  CHECK(WithThousands(999) == "999");
  CHECK(WithThousands(1234567) == "1,234,567");
}

TEST_CASE("without a file the first ten refusals are told") {
  Rejects rejects("");
  for (uint64_t i = 1; i <= 12; ++i) rejects.Add({i, i + 1, "88/1", "IDENTIFIER_TAKEN", "taken"});
  CHECK(rejects.Close());
  CHECK(rejects.told().starts_with("row 1: IDENTIFIER_TAKEN: taken\n"));
  CHECK(
      rejects.told().ends_with("row 10: IDENTIFIER_TAKEN: taken\n"
                               "… and more; --rejects FILE keeps them all\n"));
}

}  // namespace
}  // namespace gusu::cli
