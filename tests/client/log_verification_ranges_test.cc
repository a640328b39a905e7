// Serial ranges with their patterns, and readings of the bureau: what the log and the store say of
// them is the same, and every damage is named.
#include <algorithm>

#include "tests/client/log_verifying.h"

namespace gusu::test {
namespace {

// Leaves: 0 a record, 1 and 2 allocations, 3 the bureau reads the record, 4 the record again.
MemoryLog WithRanges() {
  MemoryLog log;
  log.Write("88.118.8", "HP-1", {"PUBLIC"});
  log.Allocate("88.118.8", 1, 1000);
  log.Allocate("88.118.8", 1001, 5000);
  log.ReadRecord("88.118.8", "HP-1");
  log.Write("88.118.8", "HP-1", {"PUBLIC"});
  log.Publish();
  return log;
}

TEST_CASE("ranges, patterns and readings verify, and count as rows what is one") {
  MemoryLog log = WithRanges();
  const LogVerdict verdict = Verify(log);
  CHECK(verdict.differences == Found{});
  CHECK(verdict.openings_count == 5);
  CHECK(verdict.rows_count == 6);  // of four leaves, and the patterns of two
  CHECK(verdict.parts_count == 2 + 3 + 3 + 2);
}

TEST_CASE("a range of another size, and patterns that are not theirs, are named") {
  struct Damage {
    const char* name;
    std::function<void(MemoryLog&)> harm;
    Found found;
  };
  const std::string range = "prefixes/88.118.8/serialRanges/0-1000";
  const std::string patterns = "row of prefixes/88.118.8 in range_patterns of revision ";
  const Damage damages[] = {
      {"codes that nobody allocated",
       [](MemoryLog& log) { log.CountersOf("88.118.8").range_code_count = 5001; },
       {"prefixes/88.118.8: the store counts 5001 codes of serial ranges, and the rows of their "
        "allocations make 5000"}},
      {"patterns that were altered",
       [](MemoryLog& log) { log.RowOf(1).parts[2].content += "x"; },
       {"leaf 1 (" + range + "): PATTERNS in the store is not what the opening binds"}},
      {"a range that is larger than allocated",
       [](MemoryLog& log) { log.RowOf(1).parts[0].content.back() += 1; },
       {"leaf 1 (" + range + "): BODY in the store is not what the opening binds",
        "prefixes/88.118.8: the store counts 5000 codes of serial ranges, and the rows of their "
        "allocations make 5001"}},
      {"patterns that are gone",
       [](MemoryLog& log) {
         std::erase_if(log.rows, [](const StoredRow& row) {
           return row.table == "range_patterns" && row.leaf_index == 2;
         });
       },
       {"leaf 2 (prefixes/88.118.8/serialRanges/0-5000): the patterns of its prefix are not in the "
        "store"}},
      {"patterns that stand twice",
       [](MemoryLog& log) { log.rows.push_back(log.RowOf(2, "range_patterns")); },
       {patterns + "1800000000002000: there is another row of the same revision"}},
      {"patterns of another prefix",
       [](MemoryLog& log) { log.RowOf(2, "range_patterns").resource = "prefixes/88.118.9"; },
       {"row of prefixes/88.118.9 in range_patterns of revision 1800000000002000: its leaf, 2, "
        "allocated nothing there then",
        "leaf 2 (prefixes/88.118.8/serialRanges/0-5000): the patterns of its prefix are not in the "
        "store"}},
      {"patterns of a leaf that allocated nothing",
       [](MemoryLog& log) {
         StoredRow row = log.RowOf(2, "range_patterns");
         row.leaf_index = 0;
         row.revision = log.leaves[0].change.revision;
         log.rows.push_back(std::move(row));
       },
       {patterns + "1800000000000000: its leaf, 0, allocated nothing there then"}},
      {"a reading that wrote a row",
       [](MemoryLog& log) {
         StoredRow row = log.RowOf(0);
         row.leaf_index = 3;
         row.revision = log.leaves[3].change.revision;
         row.current = true;
         log.rows.push_back(std::move(row));
       },
       {"leaf 3 (88.118.8/HP-1): it has a row, and a reading writes none"}},
      {"a change that follows a reading",
       [](MemoryLog& log) {
         log.leaves[4].change.previous_leaf_count = 3 + 1;
         log.Reseal(4);
       },
       {"leaf 4 (88.118.8/HP-1): it names leaf 3 as the one before, which changed nothing",
        "leaf 0 (88.118.8/HP-1): its row is one of history, and no later leaf follows it",
        "leaf 4 (88.118.8/HP-1): it does not follow leaf 0, which is the resource's one before"}},
      {"a reading that follows a change",
       [](MemoryLog& log) {
         log.leaves[3].change.previous_leaf_count = 0 + 1;
         log.leaves[4].change.previous_leaf_count = 0;
         log.Reseal(3);
         log.Reseal(4);
       },
       {"leaf 3 (88.118.8/HP-1): it is a reading, and says that it changed something",
        "prefixes/88.118.8: the store counts 1 records, and the log has 2"}},
      {"patterns that something else binds",
       [](MemoryLog& log) {
         log.leaves[4].change.commitments.push_back(log.leaves[2].change.commitments[2]);
         log.Reseal(4);
       },
       {"leaf 4 (88.118.8/HP-1): it binds patterns, and its operation is UPDATE",
        "leaf 4 (88.118.8/HP-1): its row has no PATTERNS"}},
  };
  for (const Damage& damage : damages) {
    CAPTURE(damage.name);
    MemoryLog log = WithRanges();
    damage.harm(log);
    CHECK(Verify(log).differences == damage.found);
  }
}

TEST_CASE("what was allocated after the checkpoint may be in the store already") {
  MemoryLog log = WithRanges();
  log.Allocate("88.118.8", 5001, 6000);
  log.after_rows = [](MemoryLog& later) { later.Publish(); };
  CHECK(Verify(log).differences == Found{});
}

}  // namespace
}  // namespace gusu::test
