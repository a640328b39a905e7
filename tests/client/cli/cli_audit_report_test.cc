#include <catch2/catch.hpp>
#include <sstream>

#include "client/cli/audit_report_count.h"
#include "tests/client/cli/papers_registry.h"

namespace gusu::cli {
namespace {

using test::PapersRegistry;
using test::ProductRow;

// Leaves 0 to 2 are registrants, 3 and 4 registrations before the interval of most cases; then
// changes, with a move of sz-pumps to another district between them.
std::shared_ptr<PapersRegistry> Registry() {
  auto registry = std::make_shared<PapersRegistry>();
  registry->WriteRegistrant(Operation::kApplyRegistrant, "sz-pumps", "苏州泵业", "320506", "3441");
  registry->WriteRegistrant(Operation::kApproveRegistrant, "sz-pumps", "苏州泵业", "320506",
                            "3441");
  registry->WriteRegistrant(Operation::kApplyRegistrant, "valves", "=Valves & <Sons>, \"Ltd\"", "",
                            "");
  auto pump = ProductRow("88.118.8/HP-1", Level::kItem);
  registry->WriteRecord(Operation::kRegister, pump);
  registry->WriteRecord(Operation::kRegister, ProductRow("88.118.8/HP-2", Level::kItem));
  registry->WriteRegistrant(Operation::kApproveRegistrant, "sz-pumps", "苏州泵业集团", "320571",
                            "3441");
  registry->WriteRecord(Operation::kUpdate, pump);
  registry->WriteRecord(Operation::kRegister, ProductRow("88.118.8/HP-3", Level::kItem));
  auto valve = ProductRow("88.118.9/V-1", Level::kItem);
  valve.set_issued_by("valves");
  registry->WriteRecord(Operation::kRegister, valve);
  registry->WriteRecord(Operation::kRetire, pump, "scrapped");
  registry->WriteOthers(2);
  return registry;
}

struct Counted {
  std::ostringstream out, err;
  Session session{GlobalFlags(), out, err};

  OrFailure<Report> Count(const std::shared_ptr<PapersRegistry>& registry, uint64_t first,
                          uint64_t end, uint64_t tree_size,
                          const std::string& zone = "Asia/Shanghai") {
    Client client(registry);
    const Timestamp from = registry->TimeOf(first);
    const Timestamp to = end < registry->log.size()
                             ? registry->TimeOf(end)
                             : registry->TimeOf(end - 1) + std::chrono::microseconds(1);
    return CountInterval(session, client, registry->CheckpointAt(tree_size),
                         *DayCalendar::OfZone(zone), {from, to});
  }
};

std::map<std::string, uint64_t> Told(const std::vector<papers::Group>& groups) {
  std::map<std::string, uint64_t> told;
  for (const papers::Group& group : groups) {
    for (const papers::Measure measure : papers::kMeasures) {
      const uint64_t count = group.counts[measure];
      if (count > 0) told[group.key + " " + std::string(papers::NameOf(measure))] = count;
    }
  }
  return told;
}

using Sums = std::map<std::string, uint64_t>;

TEST_CASE("changes count where their registrants were when they were committed") {
  Counted counted;
  const auto report = counted.Count(Registry(), 0, 12, 12);
  REQUIRE(report.ok());
  CHECK(report->leaves == LeafInterval{0, 12});
  CHECK(Told(report->tally.Districts()) == Sums{{" registrations", 1},
                                                {"320506 registrations", 2},
                                                {"320571 changes", 1},
                                                {"320571 registrations", 1},
                                                {"320571 retirements", 1}});
  CHECK(Told(report->tally.Industries()) == Sums{{" registrations", 1},
                                                 {"3441 changes", 1},
                                                 {"3441 registrations", 3},
                                                 {"3441 retirements", 1}});
  CHECK(Told(report->tally.Registrants()) == Sums{{"registrants/sz-pumps changes", 1},
                                                  {"registrants/sz-pumps registrations", 3},
                                                  {"registrants/sz-pumps retirements", 1},
                                                  {"registrants/valves registrations", 1}});
  CHECK(report->tally.Registrants().front().name == "苏州泵业集团");
  CHECK(report->tally.operations() == Sums{{"APPLY_REGISTRANT", 2},
                                           {"APPROVE_REGISTRANT", 2},
                                           {"GRANT_PREFIX", 2},
                                           {"REGISTER", 4},
                                           {"RETIRE", 1},
                                           {"UPDATE", 1}});
  CHECK(report->tally.total().by == std::array<uint64_t, 5>{4, 1, 0, 1, 0});
  CHECK(report->profiles_count == 3);
  CHECK_FALSE(report->is_closed);
}

TEST_CASE("only what was committed in the interval and below the checkpoint is counted") {
  Counted counted;
  const auto registry = Registry();
  const auto closed = counted.Count(registry, 4, 7, 12);
  REQUIRE(closed.ok());
  CHECK(closed->leaves == LeafInterval{4, 7});
  CHECK(closed->is_closed);
  CHECK(closed->tally.total().by == std::array<uint64_t, 5>{1, 1, 0, 0, 0});
  const auto cut = counted.Count(registry, 4, 12, 8);
  REQUIRE(cut.ok());
  CHECK(cut->leaves == LeafInterval{4, 8});
  CHECK_FALSE(cut->is_closed);
  CHECK(cut->tally.total().by == std::array<uint64_t, 5>{2, 1, 0, 0, 0});
}

TEST_CASE("an interval without leaves, and a log without any, count nothing") {
  Counted counted;
  const auto registry = Registry();
  Client client(registry);
  const DayCalendar calendar = *DayCalendar::OfZone("UTC");
  const Timestamp between = registry->TimeOf(4) + std::chrono::microseconds(1);
  const auto none =
      CountInterval(counted.session, client, registry->CheckpointAt(12), calendar,
                    {between, between + std::chrono::seconds(0) + std::chrono::microseconds(5)});
  REQUIRE(none.ok());
  CHECK(none->leaves == LeafInterval{5, 5});
  CHECK(none->is_closed);
  CHECK(none->tally.operations().empty());
  Client empty(std::make_shared<PapersRegistry>());
  const auto nothing = CountInterval(counted.session, empty, PapersRegistry().CheckpointAt(0),
                                     calendar, {between, between + std::chrono::hours(1)});
  REQUIRE(nothing.ok());
  CHECK(nothing->leaves == LeafInterval{0, 0});
}

TEST_CASE("a day is of the time zone") {
  auto registry = Registry();
  registry->WriteOthers(2800);  // a second each, past 23:00 UTC
  registry->WriteRecord(Operation::kRegister, ProductRow("88.118.8/HP-4", Level::kItem));
  Counted counted;
  const auto shanghai = counted.Count(registry, 0, 2813, 2813);
  REQUIRE(shanghai.ok());
  CHECK(Told(shanghai->tally.Days()) == Sums{{"2023-11-15 changes", 1},
                                             {"2023-11-15 registrations", 5},
                                             {"2023-11-15 retirements", 1}});
  const auto west = counted.Count(registry, 0, 2813, 2813, "Etc/GMT-1");
  REQUIRE(west.ok());
  CHECK(Told(west->tally.Days()) == Sums{{"2023-11-14 changes", 1},
                                         {"2023-11-14 registrations", 4},
                                         {"2023-11-14 retirements", 1},
                                         {"2023-11-15 registrations", 1}});
}

std::string FailureOf(const std::shared_ptr<PapersRegistry>& registry) {
  Counted counted;
  const auto report = counted.Count(registry, 3, 11, 12);
  if (report.ok()) return "";
  return std::to_string(static_cast<int>(report.failure().exit_code)) + " " +
         report.failure().message;
}

TEST_CASE("nothing is counted that the checkpoint does not prove") {
  auto registry = Registry();
  REQUIRE(FailureOf(registry) == "");
  SECTION("a leaf of another time") {
    registry->change_entry = [](LogEntry& entry) {
      if (entry.leaf_index == 11) entry.leaf[8] = '\0';
    };
    CHECK(FailureOf(registry) == "1 leaf 11 was not committed when its place in the log says");
  }
  SECTION("a leaf that was never logged, with an opening to it") {
    registry->change_entry = [&](LogEntry& entry) {
      if (entry.leaf_index != 7) return;
      gusu::test::FakeLog other;
      other.AppendMany(7);
      Change change = registry->log.change(7);
      change.registrant = "valves";
      change.commitments.clear();
      other.Append(change);
      entry = other.Entry(7);
    };
    CHECK(FailureOf(registry) ==
          "1 the leaves are not those of the checkpoint: leaves 2 to 11 are not those of the tree");
  }
  SECTION("an opening that is another leaf's") {
    registry->change_entry = [&](LogEntry& entry) {
      if (entry.leaf_index == 7) entry.opening = registry->log.Entry(8).opening;
    };
    CHECK(FailureOf(registry) == "1 leaf 7 is not opened by what the server says it was");
  }
  SECTION("an opening that is withheld") {
    registry->shows_openings = false;
    CHECK(FailureOf(registry) == "4 leaf 3 came without its opening");
  }
  SECTION("a leaf given twice, so that another one is left out") {
    registry->change_entry = [&](LogEntry& entry) {
      if (entry.leaf_index == 7) entry = registry->log.Entry(6);
    };
    CHECK(FailureOf(registry) == "1 leaf 7 was asked for, and 6 came");
  }
  SECTION("an end that comes too early") {
    registry->change_entry = [&](LogEntry& entry) {
      if (entry.opening.empty() && entry.leaf_index == 11) entry = registry->log.Entry(9);
    };
    CHECK(FailureOf(registry) == "1 leaf 9 was not committed when its place in the log says");
  }
  SECTION("a registrant's revision that the store leaves out") {
    registry->change_rows = [](std::vector<StoredRow>& rows) { rows.erase(rows.begin() + 2); };
    CHECK(FailureOf(registry) ==
          "1 leaf 5 changed registrants/sz-pumps, and the store does not list it");
  }
  SECTION("an earlier one that it leaves out") {
    registry->change_rows = [](std::vector<StoredRow>& rows) { rows.erase(rows.begin()); };
    CHECK(FailureOf(registry) ==
          "1 the store lists another revision of registrants/sz-pumps than leaf 1 has");
  }
  SECTION("a registrant's district that its leaf does not bind") {
    registry->change_proof = [](InclusionProof& proof) {
      if (proof.leaf_index != 5 || !proof.proof) return;
      std::string& content = proof.proof->parts[0].content;
      content.replace(content.find("320571"), 6, "320599");
    };
    CHECK(FailureOf(registry) == "1 leaf 5 is not proven: part BODY is not what the opening binds");
  }
  SECTION("a proof of another leaf") {
    registry->change_proof = [](InclusionProof& proof) {
      if (proof.leaf_index == 11) proof.hashes.front()[0] ^= 1;
    };
    CHECK(FailureOf(registry) ==
          "1 the leaves are not those of the checkpoint: leaf 11 does not lead to the root");
  }
}

TEST_CASE("the report's page and table are these") {
  Counted counted;
  const auto report = counted.Count(Registry(), 3, 12, 12);
  REQUIRE(report.ok());
  CHECK(
      test::IsGolden("report.html", papers::ToHtml(ToPaper(*report), papers::Language::kBoth, 1)));
  CHECK(test::IsGolden("report_zh.html",
                       papers::ToHtml(ToPaper(*report), papers::Language::kChinese, 20)));
  CHECK(test::IsGolden("report.csv", papers::ToCsv(ToPaper(*report))));
}

TEST_CASE("the page has what registrants wrote as text only, and the table no formulas") {
  Counted counted;
  const auto report = counted.Count(Registry(), 3, 12, 12);
  REQUIRE(report.ok());
  const std::string page = papers::ToHtml(ToPaper(*report), papers::Language::kBoth, 20);
  CHECK(page.find("=Valves &amp; &lt;Sons&gt;, &quot;Ltd&quot;") != std::string::npos);
  CHECK(page.find("<Sons>") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(papers::ToCsv(ToPaper(*report)).find("\"'=Valves & <Sons>, \"\"Ltd\"\"\"") !=
        std::string::npos);
}

TEST_CASE("an interval of years is shown by the month") {
  const auto registry = Registry();
  Client client(registry);
  Counted counted;
  const DayCalendar calendar = *DayCalendar::OfZone("Asia/Shanghai");
  const auto report = CountInterval(counted.session, client, registry->CheckpointAt(12), calendar,
                                    {*calendar.Parse("2022-01-01"), *calendar.Parse("2024-01-01")});
  REQUIRE(report.ok());
  const std::string page = papers::ToHtml(ToPaper(*report), papers::Language::kEnglish, 20);
  CHECK(page.find("<td>2023-11</td>") != std::string::npos);
  CHECK(page.find("2023-11-15</td>") == std::string::npos);
  CHECK(page.find(">2022-01</text>") != std::string::npos);
  CHECK(page.find(">2023-12</text>") != std::string::npos);
}

}  // namespace
}  // namespace gusu::cli
