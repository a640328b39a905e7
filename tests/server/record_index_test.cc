#include "server/record_index.h"

#include <algorithm>

#include "proto/text.h"
#include "server/record_effects.h"
#include "server/template.h"
#include "storage/keys.h"
#include "tests/random.h"
#include "tests/server/records_world.h"

namespace gusu::server {
namespace {

std::string Bytes(gusu::test::Random& random) {
  // Few values of few bytes, so that many begin alike; some of them long.
  std::string bytes(random.Below(8) == 0 ? 120 + random.Below(20) : random.Below(5), 'x');
  for (char& c : bytes) {
    if (random.Below(10) != 0 && bytes.size() > 8) continue;
    c = "\0\1\2A\xff"[random.Below(5)];
  }
  return bytes;
}

std::vector<std::string> Counts(const ::gusu::Change& change) {
  std::vector<std::string> shown;
  for (const Count& count : change.counts) {
    shown.push_back(Concat(count.counter, " x ", count.number));
  }
  std::sort(shown.begin(), shown.end());
  return shown;
}

TEST_CASE("terms are equal for equal values only, and begin as their values begin") {
  gusu::test::Random random("terms");
  CAPTURE(random.seed());
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = Bytes(random), b = Bytes(random);
    CAPTURE(a, b);
    const std::string term = ValueTerm("gtin", a);
    REQUIRE(term.find('\0') == term.npos);
    REQUIRE((term == ValueTerm("gtin", b)) == (a == b));
    const bool term_begins = term.starts_with(ValueTermBeginning("gtin", b));
    if (b.size() <= kTermValueBytesMax) {
      // No beginning is taken for that of another value but of a long one's hash, which is compared
      // with the record.
      REQUIRE((term_begins || !a.starts_with(b)));
      if (a.size() <= kTermValueBytesMax) REQUIRE(term_begins == a.starts_with(b));
    } else if (a.starts_with(b)) {
      REQUIRE(term_begins);
    }
  }
  CHECK(ValueTerm("gtin", "1") != ValueTerm("gtin1", ""));
  CHECK(ValueTerm("gtin", "1") != ValueTerm("serial", "1"));
}

TEST_CASE("terms of different indexes never meet") {
  Attribute attribute;
  attribute.index = 2001;
  const std::vector<std::string> terms = {
      ValueTerm("tag", "1"),
      UniqueTerm("t", attribute, "1"),
      StateTerm(1),
      LevelTerm(1),
      InstanceOfTerm("1"),
      TemplateTerm("1"),
      OwnerTerm("1"),
      CustodianTerm("1"),
      "time",
  };
  for (const std::string& a : terms) {
    for (const std::string& b : terms) CHECK((&a == &b || !a.starts_with(b)));
  }
  CHECK(UniqueTerm("T", attribute, "1") == UniqueTerm("t", attribute, "1"));
  CHECK(UniqueTerm("t1", attribute, "1") != UniqueTerm("t", attribute, "11"));
}

TEST_CASE("a change is counted as what it does to a record") {
  storage::v1::RecordRow active, reserved, retired;
  active.set_state(v1::Record::ACTIVE);
  reserved.set_state(v1::Record::RESERVED);
  retired.set_state(v1::Record::RETIRED);
  retired.mutable_retirement()->set_reason(v1::Retirement::EXPORTED);
  const auto counts = [](const storage::v1::RecordRow* before,
                         const storage::v1::RecordRow& after) {
    ::gusu::Change change;
    AddRecordEffects(before, after, nullptr, "88.118.8", "A", &change);
    return Counts(change);
  };
  using Expected = std::vector<std::string>;
  CHECK(counts(nullptr, active) == Expected{"1 x 1"});
  CHECK(counts(nullptr, reserved) == Expected{"1 x 1", "2 x 1"});
  CHECK(counts(&reserved, active) == Expected{"3 x 1", "4 x 1"});
  CHECK(counts(&active, active) == Expected{"3 x 1"});
  CHECK(counts(&active, retired) == Expected{"103 x 1", "3 x 1"});
  CHECK(counts(&retired, active) == Expected{"3 x 1", "5 x 1"});
  CHECK(counts(&retired, retired) == Expected{"3 x 1"});
  // A code of a range that becomes a record by being retired.
  CHECK(counts(nullptr, retired) == Expected{"1 x 1", "103 x 1"});
}

TEST_CASE("what a record is no more found under is removed, and what stays is left alone") {
  storage::v1::RecordRow before;
  before.set_identifier("88.118.8/A");
  before.set_state(v1::Record::ACTIVE);
  before.set_level(v1::Record::ITEM);
  before.set_template_id("product");
  for (const auto& [index, type, data] :
       {std::tuple{2006, "gtin", "1"}, {2007, "batch", "2"}, {2000, "name", "3"}}) {
    storage::v1::ValueRow* value = before.add_values();
    value->set_index(static_cast<uint32_t>(index));
    value->set_type(type);
    value->set_data(data);
  }
  storage::v1::RecordRow after = before;
  after.mutable_values(0)->set_data("9");
  after.mutable_values(1)->set_is_digest(true);
  after.mutable_values(2)->set_data("8");
  after.set_state(v1::Record::SUSPENDED);
  after.set_owner("sz-valves");
  ::gusu::Change change;
  const auto& product = BuiltInTemplates();
  const auto templ = std::find_if(product.begin(), product.end(),
                                  [](const Template& one) { return one.id == "product"; });
  AddRecordEffects(&before, after, &*templ, "88.118.8", "A", &change);
  const auto beginnings = [](const std::vector<IndexEntry>& entries) {
    std::vector<std::string> shown;
    for (const IndexEntry& entry : entries) {
      CHECK(entry.name == "A");
      shown.push_back(entry.beginning);
    }
    std::sort(shown.begin(), shown.end());
    return shown;
  };
  CHECK(beginnings(change.index_removes) ==
        std::vector{storage::IndexBeginning("88.118.8", ValueTerm("batch", "2")),
                    storage::IndexBeginning("88.118.8", ValueTerm("gtin", "1"))});
  CHECK(beginnings(change.index_adds) ==
        std::vector{storage::IndexBeginning("88.118.8", "state:3"),
                    storage::IndexBeginning("88.118.8", ValueTerm("gtin", "9")),
                    storage::IndexBeginning("sz-valves", "owner:88.118.8")});
}

}  // namespace
}  // namespace gusu::server
