#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "client/cli/audit_sample_draw.h"
#include "client/cli/audit_sample_take.h"
#include "proto/hash.h"
#include "tests/client/cli/papers_registry.h"
#include "tests/random.h"

namespace gusu::cli {
namespace {

using test::AddValue;
using test::PapersRegistry;
using test::ProductRow;

// What sample_independent.py reads, and draws again by code of its own.
std::string DrawLine(const std::string& root, uint64_t first, uint64_t end, uint64_t count) {
  std::string line = HexEncode(root) + " " + std::to_string(first) + " " + std::to_string(end) +
                     " " + std::to_string(count) + ":";
  for (const uint64_t leaf_index : DrawLeaves(root, {first, end}, count)) {
    line += " " + std::to_string(leaf_index);
  }
  return line + "\n";
}

TEST_CASE("the draws are those of the published rule") {
  const std::string root(AsBytes(Sha256("a root")));
  std::string lines = DrawLine(std::string(32, '\0'), 100, 110, 4);
  lines += DrawLine(root, 0, 1, 1);
  lines += DrawLine(root, 7, 7, 5);
  lines += DrawLine(root, 5, 10, 5);
  lines += DrawLine(root, 5, 11, 5);
  lines += DrawLine(root, 1000, 70000, 40);
  lines += DrawLine(root, 0, 1'000'003, 20);
  // More than half of all numbers have to be drawn again.
  lines += DrawLine(root, 3, 3 + (uint64_t{1} << 63) + 1, 20);
  lines += DrawLine(root, 0, ~uint64_t{0}, 10);
  CHECK(test::IsGolden("sample_draws.txt", lines));
}

TEST_CASE("no leaf is drawn twice, and all are in the interval") {
  gusu::test::Random random("sample draws");
  for (int round = 0; round < 200; ++round) {
    const uint64_t first = random.Below(1000);
    const uint64_t n = random.Below(300);
    const uint64_t count = random.Below(300) + 1;
    const std::string root(AsBytes(Sha256(std::to_string(random.Below(1'000'000)))));
    const std::vector<uint64_t> drawn = DrawLeaves(root, {first, first + n}, count);
    CAPTURE(random.seed(), first, n, count);
    CHECK(drawn.size() == std::min(n, count));
    CHECK(std::set<uint64_t>(drawn.begin(), drawn.end()).size() == drawn.size());
    for (const uint64_t leaf_index : drawn) {
      CHECK(leaf_index >= first);
      CHECK(leaf_index < first + n);
    }
  }
}

struct Taken {
  std::ostringstream out, err;
  Session session{GlobalFlags(), out, err};

  OrFailure<Sample> Take(const std::shared_ptr<PapersRegistry>& registry, uint64_t first,
                         uint64_t end, uint64_t seed_size, uint64_t count) {
    Client client(registry);
    return TakeSample(session, client, registry->CheckpointAt(seed_size),
                      {registry->TimeOf(first), registry->TimeOf(end)}, count);
  }
};

// Leaf 0 is a registrant; then records with all that can be found in them; two leaves follow.
std::shared_ptr<PapersRegistry> DoubtfulRegistry() {
  auto registry = std::make_shared<PapersRegistry>();
  registry->WriteRegistrant(Operation::kApproveRegistrant, "sz-pumps", "苏州泵业", "320506",
                            "3441");
  auto model = ProductRow("88.118.8/HP", Level::kModel);
  for (const auto& [type, data] : {std::pair("name", "Pump"),
                                   {"product_type", "pump"},
                                   {"model", "HP"},
                                   {"manufacturer", "苏州泵业"},
                                   {"gtin", "6901234567892"}}) {
    AddValue(&model, type, data);
  }
  registry->WriteRecord(Operation::kRegister, model);  // 1: nothing to find
  auto item = ProductRow("88.118.8/HP-1", Level::kItem, "88.118.8/HP");
  AddValue(&item, "serial", "S-1");
  AddValue(&item, "production_time", "2023-11-01T08:00:00+08:00");
  registry->WriteRecord(Operation::kRegister, item);  // 2: nothing; the rest is the model's
  auto bare = ProductRow("88.118.8/HP-2", Level::kItem);
  AddValue(&bare, "name", "N/A");
  AddValue(&bare, "gtin", "6901234567890");
  AddValue(&bare, "serial", "S-2", Tier::kOwner);     // not everybody's to read
  registry->WriteRecord(Operation::kRegister, bare);  // 3
  auto times = ProductRow("88.118.8/HP-3", Level::kItem, "88.118.8/HP");
  AddValue(&times, "serial", "S-1");
  AddValue(&times, "model", "HP");
  AddValue(&times, "production_time", "2030-01-01T00:00:00Z");
  AddValue(&times, "expiry_time", "2029-12-31T23:59:59Z");
  AddValue(&times, "URL", "http://pumps.example/3");
  AddValue(&times, "brand", "P\xD1\x83mp");            // with a Cyrillic у
  registry->WriteRecord(Operation::kRegister, times);  // 4
  auto twin = times;
  twin.clear_values();
  twin.set_identifier("88.118.8/HP-4");
  AddValue(&twin, "serial", "S-1");
  AddValue(&twin, "model", "HP");
  AddValue(&twin, "gtin", "12345");
  AddValue(&twin, "production_time", "2023-11-01T08:00:00+08:00");
  registry->WriteRecord(Operation::kRegister, twin);  // 5
  registry->WriteRecord(Operation::kUpdate, twin);    // 6: the same code is no duplicate
  auto hidden = ProductRow("88.118.8/HP-5", Level::kItem);
  AddValue(&hidden, "name", "Pump", Tier::kPartner);
  registry->WriteRecord(Operation::kRegister, hidden);  // 7
  registry->WriteOthers(2);
  return registry;
}

TEST_CASE("what is missing or doubtful is found, and nothing in what is not") {
  Taken taken;
  const auto sample = taken.Take(DoubtfulRegistry(), 0, 8, 10, 100);
  REQUIRE(sample.ok());
  std::string found;
  for (const SampledLeaf& leaf : sample->drawn) {
    found +=
        std::to_string(leaf.leaf_index) + " " + leaf.opening.operation + " " + leaf.code + "\n";
    for (const Finding& finding : leaf.findings) {
      found += "  " + finding.code + " " + finding.field + ": " + finding.sentence + "\n";
    }
  }
  CHECK(found ==
        "0 APPROVE_REGISTRANT registrants/sz-pumps\n"
        "1 REGISTER 88.118.8/HP\n"
        "2 REGISTER 88.118.8/HP-1\n"
        "3 REGISTER 88.118.8/HP-2\n"
        "  attribute-missing product_type: product_type has no public value\n"
        "  attribute-missing model: model has no public value\n"
        "  attribute-missing manufacturer: manufacturer has no public value\n"
        "  attribute-missing production_time: production_time has no public value\n"
        "  attribute-missing serial: serial has no public value\n"
        "  placeholder name: name 'N/A' stands for no value\n"
        "  gtin-check-digit gtin: gtin '6901234567890' has a wrong check digit\n"
        "4 REGISTER 88.118.8/HP-3\n"
        "  url-not-https URL: URL 'http://pumps.example/3' is not https\n"
        "  look-alike brand: brand has the word 'P\xD1\x83mp', whose letters are of several "
        "scripts\n"
        "  time-order expiry_time: expiry_time 2029-12-31T23:59:59Z is before production_time "
        "2030-01-01T00:00:00Z\n"
        "  time-in-future production_time: production_time 2030-01-01T00:00:00Z is after the "
        "registration was logged, 2023-11-14T22:13:24Z\n"
        "5 REGISTER 88.118.8/HP-4\n"
        "  gtin-form gtin: gtin '12345' is not 8, 12, 13 or 14 digits\n"
        "  serial-duplicate serial: serial 'S-1' is also that of 88.118.8/HP-3, leaf 4\n"
        "6 UPDATE 88.118.8/HP-4\n"
        "  gtin-form gtin: gtin '12345' is not 8, 12, 13 or 14 digits\n"
        "  serial-duplicate serial: serial 'S-1' is also that of 88.118.8/HP-3, leaf 4\n"
        "7 REGISTER 88.118.8/HP-5\n"
        "  attribute-missing product_type: product_type has no public value\n"
        "  attribute-missing model: model has no public value\n"
        "  attribute-missing manufacturer: manufacturer has no public value\n"
        "  attribute-missing production_time: production_time has no public value\n"
        "  attribute-missing serial: serial has no public value\n"
        "  no-values : there is no public value\n");
  CHECK(sample->findings_count() == 21);
  CHECK(test::IsGolden("sample.csv", ToCsv(*sample, *DayCalendar::OfZone("Asia/Shanghai"))));
}

TEST_CASE("a sample is of its seed, whatever the log has become since") {
  auto registry = DoubtfulRegistry();
  Taken taken;
  const auto before = taken.Take(registry, 0, 8, 9, 3);
  REQUIRE(before.ok());
  registry->WriteOthers(5);
  const auto after = taken.Take(registry, 0, 8, 9, 3);
  REQUIRE(after.ok());
  std::vector<uint64_t> drawn;
  for (const SampledLeaf& leaf : before->drawn) drawn.push_back(leaf.leaf_index);
  CHECK(drawn == DrawLeaves(before->seed.verified.root, {0, 8}, 3));
  const DayCalendar calendar = *DayCalendar::OfZone("UTC");
  CHECK(ToCsv(*before, calendar) == ToCsv(*after, calendar));
}

std::string FailureOf(const OrFailure<Sample>& sample) {
  if (sample.ok()) return "";
  return std::to_string(static_cast<int>(sample.failure().exit_code)) + " " +
         sample.failure().message;
}

TEST_CASE("a seed from before the interval's end is refused") {
  Taken taken;
  CHECK(FailureOf(taken.Take(DoubtfulRegistry(), 0, 8, 8, 3)) ==
        "2 the seed, of size 8, does not show the interval's end: it has no leaf at or after --to");
  CHECK(FailureOf(taken.Take(DoubtfulRegistry(), 0, 8, 9, 3)) == "");
}

TEST_CASE("an interval that is not the one of the leaves is found out") {
  Taken taken;
  auto registry = DoubtfulRegistry();
  // The server says that leaf 3 is the first one: leaves 1 and 2 could then never be drawn.
  registry->change_entry = [](LogEntry& entry) {
    if (entry.leaf_index == 1) entry.leaf_index = 3;
  };
  CHECK(FailureOf(taken.Take(registry, 1, 8, 10, 3)) ==
        "1 leaf 2 was not committed when its place in the log says");
  auto other = DoubtfulRegistry();
  other->change_entry = [](LogEntry& entry) {
    if (entry.leaf_index == 8) entry.leaf_index = 6;
  };
  CHECK(FailureOf(taken.Take(other, 1, 8, 10, 3)) ==
        "1 leaf 6 was not committed when its place in the log says");
}

TEST_CASE("a leaf that its proof does not show, or whose opening is withheld, ends the sample") {
  Taken taken;
  auto registry = DoubtfulRegistry();
  registry->change_proof = [](InclusionProof& proof) {
    if (proof.leaf_index == 4 && proof.proof) proof.proof->leaf[40] ^= 1;
  };
  CHECK(FailureOf(taken.Take(registry, 0, 8, 10, 8)).find("1 leaf 4 is not proven: ") == 0);
  auto closed = DoubtfulRegistry();
  closed->shows_openings = false;
  CHECK(FailureOf(taken.Take(closed, 0, 8, 10, 8)) == "4 leaf 0 came without its opening");
}

}  // namespace
}  // namespace gusu::cli
