// Every kind of damage once: each is found and named, and nothing else is.
#include <algorithm>
#include <catch2/catch.hpp>

#include "client/audit/growing_tiles.h"
#include "proto/base64.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "tests/client/log_verifying.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

TEST_CASE("a log that is as it was written verifies, with all that was checked") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  const LogVerdict verdict = Verify(log);
  CHECK(verdict.differences == Found{});
  CHECK(verdict.leaves_count == kSize);
  CHECK(verdict.tiles_count == 4);  // two full ones, their two partial neighbours
  CHECK(verdict.openings_count == kSize);
  CHECK(verdict.rows_count == kSize + 1);  // a row a leaf, and an organisation code
  CHECK(verdict.parts_count == 5 + 3 * kRegistrations + 4 + 2 + 1 - 1);
  CHECK(verdict.parts_by_server_count == 0);
  CHECK(verdict.erased_count == 1);
  CHECK(verdict.files_count == 2);
  CHECK(verdict.ToString() ==
        "OK: registry.example/log1: 708 leaves and 4 tiles checked against the signed root, 708 "
        "openings against their leaves, 709 rows with 2,111 parts against the openings, 1 erasure, "
        "2 files read");
}

TEST_CASE("without the store, leaves and tiles are checked, and the verdict says so") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  log.shows_openings = false;
  log.rows.clear();
  const LogVerdict verdict = Verify(log, false);
  CHECK(verdict.differences == Found{});
  CHECK(verdict.ToString() ==
        "OK: registry.example/log1: 708 leaves and 4 tiles checked against the signed root; what "
        "is stored was not compared");
  CHECK(Verify(log).differences.front() == "leaf 0: its opening is not shown");
}

TEST_CASE("an empty log verifies") {
  MemoryLog log;
  log.Publish();
  CHECK(Verify(log).differences == Found{});
}

TEST_CASE("differences name what does not fit") {
  struct Damage {
    const char* name;
    std::function<void(MemoryLog&)> harm;
    Found found;
  };
  const std::string pump = "88.118.8/HP-1";  // leaf 6
  const std::string at_pump = "leaf 6 (" + pump + ")";
  const std::string model = "88.118.8/M-1";
  const std::string corrupt =
      "RECORD_CORRUPT: stored data is damaged, file 000012.sst, first_key "
      "6f00, last_key 6f7f";
  const Damage damages[] = {
      {"signature",
       [](MemoryLog& log) { log.checkpoint[log.checkpoint.size() - 10] ^= 1; },
       {"checkpoint: SIGNATURE_INVALID"}},
      {"signed by another",
       [](MemoryLog& log) {
         log.checkpoint = log.SignedCheckpoint(
             kSize, *SignerKey::Make(kOrigin, SignatureType::kEd25519, std::string(32, '\x08')));
       },
       {"checkpoint: SIGNATURE_MISSING"}},
      {"another root signed",
       [](MemoryLog& log) {
         log.leaves[300].leaf[20] ^= 1;
         log.checkpoint = log.SignedCheckpoint(kSize, log.signer());
         log.leaves[300].leaf[20] ^= 1;
       },
       {"root: 708 leaves hash to "}},
      {"opening",
       [](MemoryLog& log) {
         log.leaves[6].change.reason = "other";
         log.leaves[6].opening = EncodeOpening(log.leaves[6].change);
       },
       {at_pump + ": its opening and salt do not open it"}},
      {"opening's bytes",
       [](MemoryLog& log) { log.leaves[6].opening.pop_back(); },
       {"leaf 6: opening: CANONICAL_BYTES_MALFORMED",
        "leaf 7 (88.118.8/HP-2): its sequence number in 88.118.8 is 3, and 2 is "
        "due",
        "prefixes/88.118.8: the store counts 467 records, and the log has 466"}},
      {"salt",
       [](MemoryLog& log) { log.leaves[6].salt[31] ^= 1; },
       {at_pump + ": its opening and salt do not open it"}},
      {"revision of the opening",
       [](MemoryLog& log) {
         MemoryLog::Leaf& leaf = log.leaves[6];
         leaf.change.revision += 1;
         leaf.opening = EncodeOpening(leaf.change);
         leaf.leaf = LeafBytes(leaf.change.revision - 1, leaf.salt, leaf.opening);
         log.Publish();
         log.RowOf(6).revision += 1;
       },
       {at_pump + ": its opening has revision 1800000000006001, and it was committed at "
                  "1800000000006000 µs"}},
      {"tile",
       [](MemoryLog& log) { log.tiles["tile/0/001"][32 * 7] ^= 1; },
       {"tile/0/001: hash 7 is not that of leaf 263"}},
      {"tile above",
       [](MemoryLog& log) { log.tiles["tile/1/000.p/2"][33] ^= 1; },
       {"tile/1/000.p/2: hash 1 is not that of tile/0/001"}},
      {"tile that is too short",
       [](MemoryLog& log) { log.tiles["tile/0/002.p/196"].pop_back(); },
       {"tile/0/002.p/196: it has 6271 bytes, not 6272"}},
      {"tile that is gone",
       [](MemoryLog& log) { log.tiles.erase("tile/0/000"); },
       {"tile/0/000: TILE_NOT_FOUND"}},
      {"leaf",
       [](MemoryLog& log) { log.leaves[6].leaf[40] ^= 1; },
       {at_pump + ": its opening and salt do not open it",
        "tile/0/000: hash 6 is not that of leaf 6",
        "tile/1/000.p/2: hash 0 is not that of tile/0/000", "root: 708 leaves hash to "}},
      {"leaf that cannot be read",
       [](MemoryLog& log) { log.unreadable = {9}; },
       {"leaf 9: " + corrupt,
        "leaf 10 (88.118.8/HP-5): its sequence number in 88.118.8 is 5, and 4 is "
        "due",
        "prefixes/88.118.8: the store counts 467 records, and the log has 466"}},
      {"leaves that cannot be read",
       [](MemoryLog& log) {
         log.unreadable = {706, 707};
       },
       {"leaves 706 to 707: " + corrupt,
        "leaf 705 (" + model +
            "): its OWNER values are gone from "
            "the store, and no leaf erased them",
        "prefixes/88.118.8: the store counts 470 changes, "
        "and the log has 468"}},
      {"commit times that do not rise",
       [](MemoryLog& log) {
         log.leaves[6].change.revision = log.leaves[5].change.revision;
         log.RowOf(6).revision = log.leaves[5].change.revision;
         log.Reseal(6);
       },
       {"leaf 6: its commit time, 1800000000005000 µs, is not after that of the leaf before, "
        "1800000000005000"}},
      {"row that is gone",
       [](MemoryLog& log) {
         std::erase_if(log.rows, [](auto& row) { return row.leaf_index == 6; });
       },
       {at_pump + ": RECORD_CORRUPT: there is no row"}},
      {"row that is not listed",
       [](MemoryLog& log) { log.unlisted = {6}; },
       {at_pump + ": its row is not among those of the store"}},
      {"row that no leaf names",
       [](MemoryLog& log) {
         StoredRow row = log.RowOf(6);
         row.resource = "prefixes/88.118.8/records/FORGED";
         log.rows.insert(log.rows.begin(), row);
       },
       {"row of 88.118.8/FORGED in records of revision 1800000000006000: its "
        "leaf, 6, is of another resource or revision"}},
      {"row of a leaf that is not there",
       [](MemoryLog& log) {
         StoredRow row = log.RowOf(6);
         row.leaf_index = 4711;
         log.rows.push_back(row);
       },
       {"row of " + pump +
        " in records of revision 1800000000006000: its leaf, 4711, is not in "
        "the log, or of another resource"}},
      {"row twice",
       [](MemoryLog& log) { log.rows.push_back(log.RowOf(6)); },
       {"row of " + pump +
        " in records of revision 1800000000006000: there is another row of the "
        "same revision"}},
      {"row of history twice",
       [](MemoryLog& log) {
         StoredRow row = log.RowOf(kErasedLeaf);
         row.current = true;
         log.rows.insert(log.rows.begin(), row);
       },
       {"leaf 705 (" + model +
        "): its row is the store's current one, and a later leaf follows "
        "it"}},
      {"changed part",
       [](MemoryLog& log) { log.RowOf(6).parts[1].content.back() ^= 1; },
       {at_pump + ": PUBLIC in the store is not what the opening binds"}},
      {"changed part that only the server can compare",
       [](MemoryLog& log) {
         ContentPart& part = log.RowOf(6).parts[2];
         part = {"OWNER", "", "", std::string(32, 'x'), false};
       },
       {at_pump + ": OWNER in the store is not what the opening binds"}},
      {"missing part",
       [](MemoryLog& log) { log.RowOf(6).parts.pop_back(); },
       {at_pump + ": its row has no OWNER"}},
      {"part that nothing binds",
       [](MemoryLog& log) {
         ContentPart part = log.RowOf(6).parts[2];
         part.label = "PARTNER";
         log.RowOf(6).parts.push_back(part);
       },
       {at_pump + ": its row has PARTNER, which its opening does not bind"}},
      {"part twice",
       [](MemoryLog& log) { log.RowOf(6).parts.push_back(log.RowOf(6).parts[2]); },
       {at_pump + ": its row has OWNER, which its opening does not bind"}},
      {"row of another revision",
       [](MemoryLog& log) { log.RowOf(6).revision += 1; },
       {at_pump + ": its row is of " + pump + ", revision 1800000000006001, leaf 6",
        "row of " + pump +
            " in records of revision 1800000000006001: its leaf, 6, is of another "
            "resource or revision"}},
      {"row that cannot be read",
       [](MemoryLog& log) {
         log.RowOf(6).error = {
             StatusCode::kDataLoss, "row r88.118.8/HP-1 is damaged", "RECORD_CORRUPT", {}};
       },
       {at_pump + ": RECORD_CORRUPT: row r88.118.8/HP-1 is damaged",
        "row of " + pump + " in table records: RECORD_CORRUPT: row r88.118.8/HP-1 is damaged"}},
      {"table whose listing had to end",
       [](MemoryLog& log) {
         StoredRow end;
         end.table = "records";
         end.leaf_index = 4711;
         end.error = {StatusCode::kDataLoss, "stored data is damaged", "RECORD_CORRUPT", {}};
         log.rows.push_back(end);
         log.unlisted = {6};
       },
       {"table records: RECORD_CORRUPT: stored data is damaged"}},
      {"wrong current",
       [](MemoryLog& log) { log.RowOf(6).current = false; },
       {at_pump + ": its row is one of history, and no later leaf follows it"}},
      {"wrong current of history",
       [](MemoryLog& log) { log.RowOf(kUpdate).current = true; },
       {"leaf 706 (" + model +
        "): its row is the store's current one, and a later leaf follows "
        "it"}},
      {"organisation code of nobody",
       [](MemoryLog& log) {
         StoredRow code = log.RowOf(2, "organization_codes");
         code.leaf_index = 6;
         code.resource = "prefixes/88.118.8/records/HP-1";
         code.revision = 1800000000006000;
         log.rows.push_back(code);
       },
       {"row of " + pump +
        " in organization_codes of revision 1800000000006000: its leaf, 6, is "
        "no approval"}},
      {"organisation code that is gone",
       [](MemoryLog& log) {
         std::erase_if(log.rows, [](auto& row) { return row.table == "organization_codes"; });
       },
       {"leaf 2 (registrants/sz-pumps): its organisation code is not in the store"}},
      {"second organisation code",
       [](MemoryLog& log) { log.rows.push_back(log.RowOf(2, "organization_codes")); },
       {"row of registrants/sz-pumps in organization_codes of revision 1800000000002000: the "
        "registrant has another organisation code"}},
      {"counter of changes",
       [](MemoryLog& log) { ++log.CountersOf("88.118.8").sequence; },
       {"prefixes/88.118.8: the store counts 471 changes, and the log has 470"}},
      {"counter of records",
       [](MemoryLog& log) { --log.CountersOf("88.118.9a").record_count; },
       {"prefixes/88.118.9A: the store counts 233 records, and the log has 234"}},
      {"counters that are gone",
       [](MemoryLog& log) {
         std::erase_if(log.rows, [](auto& row) {
           return row.table == "counters" && row.resource == "prefixes/88.118.8";
         });
       },
       {"prefixes/88.118.8: its counters are missing"}},
      {"sequence gap",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.sequence += 1;
         log.Reseal(kErasure);
         ++log.CountersOf("88.118.8").sequence;
       },
       {"leaf 707 (" + model + "): its sequence number in 88.118.8 is 471, and 470 is due"}},
      {"sequence number below no prefix",
       [](MemoryLog& log) {
         log.leaves[0].change.sequence = 1;
         log.Reseal(0);
       },
       {"leaf 0 (registry): it has a sequence number and is below no prefix"}},
      {"previous leaf of another resource",
       [](MemoryLog& log) {
         log.leaves[kUpdate].change.previous_leaf_count = 6 + 1;
         log.Reseal(kUpdate);
       },
       {"leaf 706 (" + model +
            "): it names leaf 6 as its resource's one before, which is another "
            "resource's",
        "leaf 705 (" + model + "): its row is one of history, and no later leaf follows it",
        "leaf 707 (" + model +
            "): it does not follow leaf 705, which is the resource's one "
            "before"}},
      {"previous leaf left out",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.previous_leaf_count = kErasedLeaf + 1;
         log.Reseal(kErasure);
       },
       {"leaf 707 (" + model +
            "): it names leaf 705 as the one before, and so does a leaf before "
            "it",
        "leaf 706 (" + model + "): its row is one of history, and no later leaf follows it",
        "leaf 707 (" + model +
            "): it does not follow leaf 706, which is the resource's one "
            "before"}},
      {"previous leaf that comes later",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.previous_leaf_count = kErasure + 1;
         log.Reseal(kErasure);
       },
       {"leaf 707 (" + model + "): it names leaf 707 as the one before, which is not",
        "leaf 706 (" + model + "): its row is one of history, and no later leaf follows it",
        "leaf 707 (" + model +
            "): it does not follow leaf 706, which is the resource's one "
            "before"}},
      {"erased without a leaf",
       [](MemoryLog& log) {
         log.RowOf(6).parts[1] = {"PUBLIC", "", "", "", true};
       },
       {at_pump + ": its PUBLIC values are gone from the store, and no leaf erased them"}},
      {"erased body",
       [](MemoryLog& log) {
         log.RowOf(6).parts[0] = {"BODY", "", "", "", true};
       },
       {at_pump + ": its BODY is erased, which nothing can"}},
      {"erasure that was not done",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.erasures.push_back({kErasedLeaf, "PARTNER"});
         log.Reseal(kErasure);
       },
       {"leaf 707 (" + model + "): it erases PARTNER of leaf 705, which the store still has"}},
      {"erasure of what never was",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.erasures.push_back({kUpdate, "OWNER"});
         log.Reseal(kErasure);
       },
       {"leaf 707 (" + model + "): it erases OWNER of leaf 706, which never had it"}},
      {"erasure in another resource",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.erasures.push_back({6, "OWNER"});
         log.Reseal(kErasure);
       },
       {"leaf 707 (" + model + "): it erases OWNER of leaf 6, which is another resource's"}},
      {"erasure of a body",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.erasures.push_back({kErasedLeaf, "BODY"});
         log.Reseal(kErasure);
       },
       {"leaf 707 (" + model + "): it erases BODY of leaf 705, which nothing can"}},
      {"erasure by another operation",
       [](MemoryLog& log) {
         log.leaves[kErasure].change.operation = Operation::kUpdate;
         log.Reseal(kErasure);
       },
       {"leaf 707 (" + model + "): it erases values, and its operation is UPDATE"}},
      {"rows that cannot be listed",
       [](MemoryLog& log) {
         log.rows_status = {StatusCode::kDataLoss,
                            "keys 72 to 73 of 000012.sst are damaged",
                            "RECORD_CORRUPT",
                            {}};
         log.unlisted = {6};
       },
       {"rows: RECORD_CORRUPT: keys 72 to 73 of 000012.sst are damaged"}},
      {"file",
       [](MemoryLog& log) {
         log.files[0].status = {StatusCode::kDataLoss,
                                "a block is not what was written",
                                "RECORD_CORRUPT",
                                {{"first_key", "72"}, {"last_key", "73"}}};
       },
       {"file 000012.sst: RECORD_CORRUPT: a block is not what was written, first_key 72, last_key "
        "73"}},
      {"end of the log",
       [](MemoryLog& log) { log.leaves.pop_back(); },
       {"leaf 707: it is missing, and the log has 708 leaves"}},
  };
  for (const Damage& damage : damages) {
    MemoryLog log = MemoryLog::Small(kRegistrations);
    damage.harm(log);
    const LogVerdict verdict = Verify(log);
    CAPTURE(damage.name, verdict.differences);
    CHECK(verdict.differences.size() == damage.found.size());
    for (size_t i = 0; i < std::min(verdict.differences.size(), damage.found.size()); ++i) {
      CHECK(verdict.differences[i].substr(0, damage.found[i].size()) == damage.found[i]);
    }
    CHECK(verdict.ToString().find(verdict.differences.front()) != std::string::npos);
    CHECK(verdict.ToString().substr(0, 9) == "DIFFERS: ");
  }
}

}  // namespace
}  // namespace gusu::test
