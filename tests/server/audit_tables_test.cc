// Templates, grants, groups, serial ranges with their patterns, and transfers, as the audit log's
// API shows them: every row by its leaf, every leaf with its row, and damage named.
#include <google/rpc/status.pb.h>

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/grant_canonical.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/range_canonical.h"
#include "proto/template_canonical.h"
#include "proto/text.h"
#include "proto/transfer_canonical.h"
#include "server/audit/resource_keys.h"
#include "server/audit/row_listing.h"
#include "storage/keys.h"
#include "tests/server/audit_world.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

// A row of each kind, with the change that writes it.
struct Noun {
  std::string table;
  Change change;
  std::string readable_by;  // a registrant that may read its BODY
  std::string not_by;       // one that may not; empty: all may
};

template <typename Row>
Noun Make(const std::string& table, Operation operation, const std::string& resource,
          const std::string& key, Row row, const std::string& readable_by,
          const std::string& not_by = "") {
  Noun noun{table, {}, readable_by, not_by};
  noun.change.operation = operation;
  noun.change.resource = resource;
  noun.change.actor = "registrants/sz-pumps";
  noun.change.commitments = Seal(row);
  noun.change.rows.push_back({key, row.SerializeAsString()});
  return noun;
}

stored::RecordRow BoltContent() {
  stored::RecordRow record;
  record.set_issued_by("sz-pumps");
  record.set_state(1);
  stored::ValueRow* name = record.add_values();
  name->set_index(1);
  name->set_type("name");
  name->set_data("Bolt");
  name->set_tier(1);
  return record;
}

Noun Range() {
  stored::SerialRangeRow row;
  row.set_prefix("88.118.8");
  row.set_pattern("BOLT-{serial:4}");
  row.set_first_serial(1);
  row.set_last_serial(1000);
  *row.mutable_record() = BoltContent();
  Noun noun =
      Make("serial_ranges", Operation::kAllocateRange, "prefixes/88.118.8/serialRanges/0-1000",
           storage::SerialRangeKey("88.118.8", 0, 1000), row, "sz-pumps");
  stored::RangePatternsRow patterns;
  patterns.add_patterns()->set_pattern("BOLT-{serial:4}");
  patterns.mutable_patterns(0)->set_next_serial(1001);
  noun.change.commitments.push_back(Seal(patterns));
  noun.change.rows.push_back({storage::RangePatternsKey("88.118.8"), patterns.SerializeAsString()});
  noun.change.prefix_key = "88.118.8";
  noun.change.adds_range_codes = 1000;
  return noun;
}

std::vector<Noun> Nouns() {
  std::vector<Noun> nouns;
  stored::TemplateRow templ;
  templ.set_id("88.118.8/Meta_Pump");
  templ.set_owner("sz-pumps");
  templ.set_state(1);
  templ.add_draft_attributes()->set_name("head");
  nouns.push_back(Make("templates", Operation::kCreateTemplate, "templates/88.118.8%2FMeta_Pump",
                       storage::TemplateKey("88.118.8/Meta_Pump"), templ, "sz-pumps", "sz-valves"));
  stored::GrantRow grant;
  grant.set_grantor("sz-pumps");
  grant.set_id("g1");
  grant.set_grantee("sz-valves");
  grant.set_prefix_key("88.118.8");
  grant.set_read_tier(2);
  nouns.push_back(Make("grants", Operation::kCreateGrant, "registrants/sz-pumps/grants/g1",
                       storage::GrantKey("sz-pumps", "g1"), grant, "sz-valves", "sz-mills"));
  stored::GroupRow group;
  group.set_registrant("sz-pumps");
  group.set_id("customers");
  group.add_members("sz-valves");
  nouns.push_back(Make("groups", Operation::kSetGroup, "registrants/sz-pumps/groups/customers",
                       storage::GroupKey("sz-pumps", "customers"), group, "sz-pumps", "sz-valves"));
  nouns.push_back(Range());
  stored::TransferRow transfer;
  transfer.set_id("00112233445566778899");
  transfer.set_from("sz-pumps");
  transfer.set_to("sz-valves");
  transfer.add_items()->set_identifier("88.118.8/HP-1");
  nouns.push_back(Make("transfers", Operation::kOfferTransfer, "transfers/00112233445566778899",
                       storage::TransferKey("00112233445566778899"), transfer, "sz-valves",
                       "sz-mills"));
  return nouns;
}

// The leaf of the change.
uint64_t Append(AuditWorld& world, Change change) {
  storage::ChangeSet set;
  set.changes.push_back(std::move(change));
  std::promise<storage::AppendOutcome> outcome;
  world.ledger().Append(std::move(set), [&outcome](storage::AppendOutcome answered) {
    outcome.set_value(std::move(answered));
  });
  const auto answered = outcome.get_future().get();
  INFO(answered.status());
  REQUIRE(answered.ok());
  return std::get<storage::Appended>(*answered).first.leaf_index;
}

v1::LogEntry EntryAt(AuditWorld& world, uint64_t leaf) {
  v1::ListEntriesRequest request;
  request.set_view(v1::CONTENT);
  request.set_start_leaf_index(leaf);
  request.set_end_leaf_index(leaf + 1);
  const auto page = world.Read(&Audit::ListEntries, request, AuditWorld::Auditor());
  INFO(page.status());
  REQUIRE(page.ok());
  REQUIRE(page->entries_size() == 1);
  return page->entries(0);
}

std::vector<v1::StoredRow> RowsOf(AuditWorld& world, const std::string& table) {
  v1::ListRowsRequest request;
  request.set_table(table);
  request.set_include_history(true);
  request.set_view(v1::CONTENT);
  const auto page = world.Read(&Audit::ListRows, request, AuditWorld::Auditor());
  INFO(page.status());
  REQUIRE(page.ok());
  return {page->rows().begin(), page->rows().end()};
}

TEST_CASE("each new kind of row comes with its leaf, and holds what the leaf binds") {
  AuditWorld world;
  for (const Noun& noun : Nouns()) {
    CAPTURE(noun.table);
    const uint64_t leaf = Append(world, noun.change);
    const v1::StoredRow row = EntryAt(world, leaf).row();
    CAPTURE(row.ShortDebugString());
    CHECK(row.table() == noun.table);
    CHECK(row.resource() == noun.change.resource);
    CHECK(row.leaf_index() == leaf);
    CHECK(row.current());
    REQUIRE(row.parts_size() == static_cast<int>(noun.change.commitments.size()));
    for (const Commitment& commitment : noun.change.commitments) {
      const auto part = std::find_if(
          row.parts().begin(), row.parts().end(),
          [&](const v1::ContentPart& each) { return each.label() == commitment.label; });
      REQUIRE(part != row.parts().end());
      CHECK(CommitmentHash(part->salt(), part->content()) == commitment.hash);
    }
    const auto rows = RowsOf(world, noun.table);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].SerializeAsString() == row.SerializeAsString());
    CHECK(KeyOfResource(noun.change.resource) == noun.change.rows[0].key);
  }
}

TEST_CASE("a proof brings a new kind of row to those whom it concerns, and its hash to others") {
  AuditWorld world;
  for (const Noun& noun : Nouns()) {
    CAPTURE(noun.table);
    // What a registrant is shown of the BODY when the change concerns it.
    const auto body = [&](const std::string& registrant) {
      Change change = noun.change;
      change.registrant = registrant;
      const uint64_t leaf = Append(world, std::move(change));
      const v1::LeafProof proof = world.ProofOf(leaf, AuditWorld::Writer(registrant));
      REQUIRE(proof.parts_size() > 0);
      return proof.parts(0).content();
    };
    if (!noun.not_by.empty()) CHECK(body(noun.not_by).empty());
    CHECK_FALSE(body(noun.readable_by).empty());
    Change change = noun.change;
    change.registrant = "sz-mills";
    const uint64_t leaf = Append(world, std::move(change));
    CHECK(world.ProofOf(leaf, AuditWorld::Writer("sz-valves")).opening().empty());
    // Who did it is shown what it did.
    CHECK_FALSE(world.ProofOf(leaf, AuditWorld::Writer("sz-pumps")).opening().empty());
    const v1::LeafProof whole = world.ProofOf(leaf, AuditWorld::Auditor());
    REQUIRE(whole.parts_size() == static_cast<int>(noun.change.commitments.size()));
    CHECK_FALSE(whole.parts(0).content().empty());
  }
}

TEST_CASE("patterns are rows of their own, with a history, each of the allocation that wrote it") {
  AuditWorld world;
  const Change allocation = Range().change;
  const uint64_t first = Append(world, allocation);
  Change again = allocation;
  again.resource = "prefixes/88.118.8/serialRanges/0-2000";
  again.rows[0].key = storage::SerialRangeKey("88.118.8", 0, 2000);
  stored::SerialRangeRow row;
  REQUIRE(row.ParseFromString(again.rows[0].payload));
  row.set_first_serial(1001);
  row.set_last_serial(2000);
  stored::RangePatternsRow patterns;
  REQUIRE(patterns.ParseFromString(again.rows[1].payload));
  patterns.mutable_patterns(0)->set_next_serial(2001);
  again.commitments = Seal(row);
  again.commitments.push_back(Seal(patterns));
  again.rows[0].payload = row.SerializeAsString();
  again.rows[1].payload = patterns.SerializeAsString();
  const uint64_t second = Append(world, again);

  std::vector<std::string> shown;
  for (const v1::StoredRow& listed : RowsOf(world, "range_patterns")) {
    shown.push_back(Concat(listed.resource(), " leaf ", listed.leaf_index(),
                           listed.current() ? " current" : " history"));
  }
  CHECK(shown == std::vector<std::string>{Concat("prefixes/88.118.8 leaf ", second, " current"),
                                          Concat("prefixes/88.118.8 leaf ", first, " history")});
  // The first allocation still shows the patterns that it wrote.
  const v1::StoredRow range = EntryAt(world, first).row();
  const v1::ContentPart& part = range.parts(range.parts_size() - 1);
  CHECK(part.label() == "PATTERNS");
  CHECK(CommitmentHash(part.salt(), part.content()) == allocation.commitments.back().hash);
  const auto counters = RowsOf(world, "counters");
  CHECK(counters[0].range_code_count() == 2000);
}

TEST_CASE("a row of a new kind that was altered, exchanged or lost is named by its resource") {
  for (size_t i = 0; i < Nouns().size(); ++i) {
    AuditWorld world;
    const Noun noun = Nouns()[i];
    CAPTURE(noun.table);
    const uint64_t leaf = Append(world, noun.change);
    const std::string& key = noun.change.rows[0].key;
    const std::string whole = world.Stored(key);

    world.Damage(key, whole.substr(0, storage::kRowHeaderBytes) + "\xFF");
    const v1::StoredRow torn = EntryAt(world, leaf).row();
    CHECK(torn.table() == noun.table);
    // A key has no case: what it says of a name is in upper case.
    CHECK(KeyOfResource(torn.resource()) == key);
    CHECK(AuditWorld::Show(FromRpcStatus(torn.error()), "key_hex") ==
          "DATA_LOSS RECORD_CORRUPT " + HexEncode(key));

    world.Damage(key, std::nullopt);
    CHECK(AuditWorld::Show(FromRpcStatus(EntryAt(world, leaf).row().error()), "key_hex") ==
          "DATA_LOSS RECORD_CORRUPT " + HexEncode(key));

    world.Damage(key, whole);
    std::string elsewhere = key;
    elsewhere.back() = static_cast<char>(elsewhere.back() + 1);
    world.Damage(elsewhere, whole);
    size_t faults = 0;
    for (const v1::StoredRow& row : RowsOf(world, noun.table)) faults += row.has_error() ? 1 : 0;
    CHECK(faults == 1);
  }
}

TEST_CASE("a reading is an entry without a row") {
  AuditWorld world;
  Change change;
  change.operation = Operation::kRead;
  change.resource = "prefixes/88.118.8";
  change.prefix_key = "88.118.8";
  change.registrant = "sz-pumps";
  change.actor = "bureau";
  change.reason = "inquiry";
  const uint64_t leaf = Append(world, std::move(change));
  const v1::LogEntry entry = EntryAt(world, leaf);
  CHECK_FALSE(entry.has_row());
  const auto opening = DecodeOpening(entry.opening());
  REQUIRE(opening.ok());
  CHECK(opening->previous_leaf_count == 0);
  CHECK(opening->sequence == 2);
}

}  // namespace
}  // namespace gusu::server
