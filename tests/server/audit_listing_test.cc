// Entries and rows as AuditService lists them.
#include <google/rpc/status.pb.h>

#include <algorithm>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/text.h"
#include "server/audit/row_listing.h"
#include "server/resource_fields.h"
#include "storage/keys.h"
#include "tests/server/audit_world.h"

namespace gusu::server {
namespace {

const std::string kPump = R"(identifier: "88.118.8/HP-1" values { type: "NAME" data: "Pump" })";

v1::ListEntriesRequest Entries(v1::EntryView view = v1::OPENING, uint32_t page_size = 1000) {
  v1::ListEntriesRequest request;
  request.set_view(view);
  request.set_page_size(page_size);
  return request;
}

// All pages of a list; every page but the last is followed by its token.
std::vector<v1::LogEntry> All(AuditWorld& world, v1::ListEntriesRequest request,
                              const Caller& caller) {
  std::vector<v1::LogEntry> entries;
  do {
    const auto page = world.Read(&Audit::ListEntries, request, caller);
    INFO(page.status());
    REQUIRE(page.ok());
    CHECK(page->entries_size() <= static_cast<int>(request.page_size()));
    entries.insert(entries.end(), page->entries().begin(), page->entries().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return entries;
}

// `8 9 10`.
std::string Indexes(const std::vector<v1::LogEntry>& entries) {
  std::string text;
  for (const v1::LogEntry& entry : entries) {
    text += Concat(text.empty() ? "" : " ", entry.leaf_index());
  }
  return text;
}

std::vector<v1::StoredRow> Rows(AuditWorld& world, v1::ListRowsRequest request) {
  std::vector<v1::StoredRow> rows;
  do {
    const auto page = world.Read(&Audit::ListRows, request, AuditWorld::Auditor());
    INFO(page.status());
    REQUIRE(page.ok());
    rows.insert(rows.end(), page->rows().begin(), page->rows().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return rows;
}

// `records prefixes/88.118.8/records/HP-1 leaf 8 current`, or with the error's reason and key.
std::string Show(const v1::StoredRow& row) {
  std::string text = Concat(row.table(), " ", row.resource());
  if (row.has_error()) {
    return Concat(text, " ", AuditWorld::Show(FromRpcStatus(row.error()), "key_hex"));
  }
  if (row.table() == "counters") {
    return Concat(text, " sequence ", row.sequence(), " records ", row.record_count());
  }
  return Concat(text, " leaf ", row.leaf_index(), row.current() ? " current" : " history");
}

std::vector<std::string> Shown(const std::vector<v1::StoredRow>& rows) {
  std::vector<std::string> lines;
  for (const v1::StoredRow& row : rows) lines.push_back(Show(row));
  return lines;
}

TEST_CASE("the log is listed in its order, whatever the size of a page") {
  AuditWorld world;
  world.RegisterMany(30);
  const auto whole = All(world, Entries(), AuditWorld::Auditor());
  REQUIRE(whole.size() == AuditWorld::kFirstRecord + 30);
  CompactRange range;
  for (const v1::LogEntry& entry : whole) {
    CHECK(entry.leaf_index() == range.size());
    CHECK(LeafBytes(DecodeOpening(entry.opening())->revision, entry.salt(), entry.opening()) ==
          entry.leaf());
    CHECK_FALSE(entry.has_row());
    range.Append(LeafHash(entry.leaf()));
  }
  CHECK(range.Root() == world.View()->tree_head().root);
  for (const uint32_t page_size : {1u, 7u, 38u, 39u}) {
    CHECK(Indexes(All(world, Entries(v1::LEAF, page_size), AuditWorld::Anonymous())) ==
          Indexes(whole));
  }
}

TEST_CASE("where a list ends is decided on its first page") {
  AuditWorld world;
  v1::ListEntriesRequest request = Entries(v1::LEAF, 5);
  const auto first = world.Read(&Audit::ListEntries, request, AuditWorld::Anonymous());
  REQUIRE(first.ok());
  CHECK(first->tree_size() == 8);
  world.RegisterMany(100);
  request.set_page_token(first->next_page_token());
  const auto second = world.Read(&Audit::ListEntries, request, AuditWorld::Anonymous());
  REQUIRE(second.ok());
  CHECK(second->entries_size() == 3);
  CHECK(second->next_page_token().empty());
  CHECK(second->tree_size() == 108);
}

TEST_CASE("entries are found by index, by time and by prefix") {
  AuditWorld world;
  world.RegisterMany(6);
  const Caller auditor = AuditWorld::Auditor();
  v1::ListEntriesRequest request = Entries();
  request.set_start_leaf_index(9);
  request.set_end_leaf_index(12);
  CHECK(Indexes(All(world, request, auditor)) == "9 10 11");

  // Revisions are microseconds of their own, so that a time is between two leaves.
  const auto time_of = [&world](uint64_t leaf, google::protobuf::Timestamp* time) {
    FillTime(world.View()->ReadChange(leaf)->revision, time);
  };
  request = Entries();
  time_of(10, request.mutable_start_time());
  CHECK(Indexes(All(world, request, auditor)) == "10 11 12 13");
  time_of(12, request.mutable_end_time());
  CHECK(Indexes(All(world, request, auditor)) == "10 11");
  request.set_start_leaf_index(11);
  CHECK(Indexes(All(world, request, auditor)) == "11");
  time_of(9, request.mutable_end_time());
  CHECK(Indexes(All(world, request, auditor)).empty());

  request = Entries(v1::LEAF, 2);
  request.set_prefix("prefixes/88.118.9");
  CHECK(Indexes(All(world, request, auditor)) == "7");
  request.set_prefix("prefixes/88.118.8");
  const auto own = All(world, request, AuditWorld::Writer());
  CHECK(Indexes(own) == "4 8 9 10 11 12 13");
  CHECK(own[0].opening().empty());
  CHECK(Indexes(All(world, request, AuditWorld::Writer("sz-valves"))).empty());
}

TEST_CASE("a request for entries that cannot be answered says why") {
  AuditWorld world;
  const auto fault = [&world](const v1::ListEntriesRequest& request, const Caller& caller,
                              const std::string& metadata = "") {
    return AuditWorld::Show(world.Read(&Audit::ListEntries, request, caller).status(), metadata);
  };
  v1::ListEntriesRequest request = Entries();
  request.set_start_leaf_index(9);
  CHECK(fault(request, AuditWorld::Anonymous(), "leaf_index") ==
        "OUT_OF_RANGE TREE_SIZE_UNKNOWN 9");
  request = Entries();
  request.set_end_leaf_index(9);
  CHECK(fault(request, AuditWorld::Anonymous()) == "OUT_OF_RANGE TREE_SIZE_UNKNOWN");
  request = Entries();
  request.set_prefix("88.118.8");
  CHECK(fault(request, AuditWorld::Auditor(), "field") == "INVALID_ARGUMENT FIELD_INVALID prefix");
  request.set_prefix("prefixes/88.118.8");
  CHECK(fault(request, AuditWorld::Anonymous()) == "UNAUTHENTICATED CREDENTIAL_MISSING");
  CHECK(fault(Entries(v1::CONTENT), AuditWorld::Anonymous()) ==
        "UNAUTHENTICATED CREDENTIAL_MISSING");
  CHECK(fault(Entries(v1::CONTENT), AuditWorld::Writer()) == "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(fault(Entries(static_cast<v1::EntryView>(9)), AuditWorld::Auditor(), "field") ==
        "INVALID_ARGUMENT FIELD_INVALID view");

  request = Entries(v1::LEAF, 5);
  const std::string token =
      world.Read(&Audit::ListEntries, request, AuditWorld::Anonymous())->next_page_token();
  request.set_page_token(token + "A");
  CHECK(fault(request, AuditWorld::Anonymous()) == "INVALID_ARGUMENT PAGE_TOKEN_INVALID");
  request = Entries(v1::OPENING, 5);
  request.set_page_token(token);
  CHECK(fault(request, AuditWorld::Anonymous()) == "INVALID_ARGUMENT PAGE_TOKEN_INVALID");
}

TEST_CASE("with its content, each entry has the row that its change wrote") {
  AuditWorld world;
  world.Register(kPump);
  v1::ModifyValuesRequest modify;
  modify.set_name("88.118.8/HP-1");
  v1::Value* value = modify.add_modify();
  value->set_type("NAME");
  value->set_data("Better pump");
  REQUIRE(world.Write(&Registry::ModifyValues, modify, AuditWorld::Writer()).ok());
  std::vector<v1::StoredRow> rows;
  for (const v1::LogEntry& entry : All(world, Entries(v1::CONTENT), AuditWorld::Auditor())) {
    const Change change = *DecodeOpening(entry.opening());
    CHECK(entry.row().revision() == change.revision);
    REQUIRE(entry.row().parts_size() == static_cast<int>(change.commitments.size()));
    for (int i = 0; i < entry.row().parts_size(); ++i) {
      const v1::ContentPart& part = entry.row().parts(i);
      const Commitment& commitment = change.commitments[static_cast<size_t>(i)];
      CHECK(part.label() == commitment.label);
      CHECK(CommitmentHash(part.salt(), part.content()) == commitment.hash);
    }
    rows.push_back(entry.row());
  }
  const std::vector<std::string> shown = Shown(rows);
  REQUIRE(shown.size() == 10);
  CHECK(shown[0] == "registry registry leaf 0 current");
  CHECK(shown[1].starts_with("credentials bureau/credentials/"));
  CHECK(shown[2] == "registrants registrants/sz-pumps leaf 2 history");
  CHECK(shown[3] == "registrants registrants/sz-pumps leaf 3 current");
  CHECK(shown[4] == "prefixes prefixes/88.118.8 leaf 4 current");
  CHECK(shown[8] == "records prefixes/88.118.8/records/HP-1 leaf 8 history");
  CHECK(shown[9] == "records prefixes/88.118.8/records/HP-1 leaf 9 current");
}

TEST_CASE("an entry whose row is gone or damaged says so, and the list goes on") {
  AuditWorld world;
  world.RegisterMany(4);
  const std::string gone = storage::RecordKey("88.118.8/R1");
  const std::string torn = storage::RecordKey("88.118.8/R2");
  world.Damage(gone, std::nullopt);
  world.Damage(torn, "\x01 torn");
  std::vector<std::string> shown;
  for (const v1::LogEntry& entry : All(world, Entries(v1::CONTENT), AuditWorld::Auditor())) {
    shown.push_back(Show(entry.row()));
  }
  REQUIRE(shown.size() == 14);
  CHECK(shown[8] == "records prefixes/88.118.8/records/R0 leaf 8 current");
  CHECK(shown[9] ==
        "records prefixes/88.118.8/records/R1 DATA_LOSS RECORD_CORRUPT " + HexEncode(gone));
  CHECK(shown[10] ==
        "records prefixes/88.118.8/records/R2 DATA_LOSS RECORD_CORRUPT " + HexEncode(torn));
  CHECK(shown[11] == "records prefixes/88.118.8/records/R3 leaf 11 current");
}

TEST_CASE("a page of content stays below what a message takes, and nothing is left out") {
  AuditWorld world;
  for (int i = 0; i < 40; ++i) {
    v1::RegisterRequest request;
    request.mutable_row()->set_identifier(Concat("88.118.8/BIG-", i));
    for (int v = 0; v < 2; ++v) {
      v1::Value* value = request.mutable_row()->add_values();
      value->set_type(Concat("TEXT", v));
      value->set_data(std::string(60 * 1024, 'x'));
    }
    REQUIRE(world.Write(&Registry::Register, request, AuditWorld::Writer()).ok());
  }
  v1::ListEntriesRequest request = Entries(v1::CONTENT);
  const auto page = world.Read(&Audit::ListEntries, request, AuditWorld::Auditor());
  REQUIRE(page.ok());
  CHECK(page->ByteSizeLong() < 4 << 20);
  CHECK_FALSE(page->next_page_token().empty());
  CHECK(All(world, request, AuditWorld::Auditor()).size() == 48);
  v1::ListRowsRequest rows;
  rows.set_table("records");
  rows.set_view(v1::CONTENT);
  rows.set_page_size(1000);
  const auto first = world.Read(&Audit::ListRows, rows, AuditWorld::Auditor());
  REQUIRE(first.ok());
  CHECK(first->ByteSizeLong() < 4 << 20);
  CHECK(Rows(world, rows).size() == 40);
}

TEST_CASE("rows are listed table by table, then history, on pages of any size") {
  AuditWorld world;
  world.Register(kPump);
  v1::RetireRecordRequest retire;
  retire.set_name("88.118.8/HP-1");
  retire.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
  REQUIRE(world.Write(&Registry::RetireRecord, retire, AuditWorld::Writer()).ok());
  v1::ListRowsRequest request;
  request.set_include_history(true);
  std::vector<std::string> shown = Shown(Rows(world, request));
  REQUIRE(shown.size() == 14);
  // Organisation codes are in the order of codes, and credentials have ids of chance.
  std::sort(shown.begin() + 3, shown.begin() + 5);
  CHECK(shown[7].starts_with("credentials bureau/credentials/"));
  shown.erase(shown.begin() + 7);
  CHECK(shown == std::vector<std::string>{
                     "registry registry leaf 0 current",
                     "registrants registrants/sz-pumps leaf 3 current",
                     "registrants registrants/sz-valves leaf 6 current",
                     "organization_codes registrants/sz-pumps leaf 3 current",
                     "organization_codes registrants/sz-valves leaf 6 current",
                     "prefixes prefixes/88.118.8 leaf 4 current",
                     "prefixes prefixes/88.118.9 leaf 7 current",
                     "records prefixes/88.118.8/records/HP-1 leaf 9 current",
                     "counters prefixes/88.118.8 sequence 3 records 1",
                     "counters prefixes/88.118.9 sequence 1 records 0",
                     "registrants registrants/sz-pumps leaf 2 history",
                     "registrants registrants/sz-valves leaf 5 history",
                     "records prefixes/88.118.8/records/HP-1 leaf 8 history",
                 });
  for (const uint32_t page_size : {1u, 2u, 5u, 100u}) {
    request.set_page_size(page_size);
    CHECK(Rows(world, request).size() == 14);
  }
  request.set_table("counters");
  CHECK(Shown(Rows(world, request)) ==
        std::vector<std::string>{"counters prefixes/88.118.8 sequence 3 records 1",
                                 "counters prefixes/88.118.9 sequence 1 records 0"});
  request.set_table("records");
  CHECK(Shown(Rows(world, request)) ==
        std::vector<std::string>{"records prefixes/88.118.8/records/HP-1 leaf 9 current",
                                 "records prefixes/88.118.8/records/HP-1 leaf 8 history"});
  request.set_include_history(false);
  CHECK(Rows(world, request).size() == 1);
  request.set_table("tiles");
  CHECK(AuditWorld::Show(world.Read(&Audit::ListRows, request, AuditWorld::Auditor()).status(),
                         "field") == "INVALID_ARGUMENT FIELD_INVALID table");
}

TEST_CASE("rows that cannot be read are listed with their fault, between those that can") {
  AuditWorld world;
  world.RegisterMany(4);
  const std::string record = storage::RecordKey("88.118.8/R1");
  const std::string other = storage::RecordKey("88.118.8/R2");
  world.Damage(record, "torn");
  world.Damage(other, world.Stored(storage::RecordKey("88.118.8/R0")));
  world.Damage(storage::PrefixCountersKey("88.118.8"), "\xFF");
  v1::ListRowsRequest request;
  request.set_view(v1::CONTENT);
  request.set_table("records");
  const std::vector<std::string> shown = Shown(Rows(world, request));
  REQUIRE(shown.size() == 7);
  CHECK(shown[1] ==
        "records prefixes/88.118.8/records/R1 DATA_LOSS RECORD_CORRUPT " + HexEncode(record));
  CHECK(shown[2] ==
        "records prefixes/88.118.8/records/R2 DATA_LOSS RECORD_CORRUPT " + HexEncode(other));
  CHECK(shown[3] == "records prefixes/88.118.8/records/R3 leaf 11 current");
  request.set_table("counters");
  CHECK(Shown(Rows(world, request))[0] == "counters prefixes/88.118.8 DATA_LOSS RECORD_CORRUPT " +
                                              HexEncode(storage::PrefixCountersKey("88.118.8")));
}

// An engine's snapshot in which a scan meets a damaged block at a key.
class TornSnapshot final : public storage::Snapshot {
 public:
  TornSnapshot(std::shared_ptr<const Snapshot> whole, std::string torn)
      : whole_(std::move(whole)), torn_(std::move(torn)) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    return whole_->Get(key);
  }
  std::vector<absl::StatusOr<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys) const override {
    return whole_->MultiGet(keys);
  }
  absl::Status Scan(
      std::string_view begin, std::string_view end,
      const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    bool is_torn = false;
    const absl::Status status =
        whole_->Scan(begin, end, [&](std::string_view key, std::string_view value) {
          is_torn = key >= torn_;
          return !is_torn && visit(key, value);
        });
    if (!is_torn) return status;
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "a block is damaged",
                 {{"file", "000017.sst"}});
  }

 private:
  const std::shared_ptr<const Snapshot> whole_;
  const std::string torn_;
};

TEST_CASE("where the engine cannot go on, the list ends with the fault after what could be read") {
  storage::MemoryEngine engine;
  storage::Batch batch;
  for (const char* id : {"a", "b", "c"}) {
    batch.Put(storage::RegistrantKey(id), storage::EncodeRow(7, 1, ""));
  }
  REQUIRE(engine.Commit(batch).outcome == storage::CommitResult::Outcome::kApplied);
  const storage::View view(
      std::make_shared<TornSnapshot>(*engine.Latest(), storage::RegistrantKey("c")),
      std::make_shared<storage::Directory>(), std::make_shared<storage::AuditTree>(), TreeHead(),
      7);
  v1::ListRowsResponse response;
  REQUIRE(ListRowsOf(view, v1::ListRowsRequest(), AuditWorld::Auditor(), &response).ok());
  REQUIRE(response.rows_size() == 3);
  CHECK(Show(response.rows(1)) == "registrants registrants/b leaf 1 current");
  CHECK(AuditWorld::Show(FromRpcStatus(response.rows(2).error()), "file") ==
        "DATA_LOSS RECORD_CORRUPT 000017.sst");
  CHECK(response.next_page_token().empty());
}
}  // namespace
}  // namespace gusu::server
