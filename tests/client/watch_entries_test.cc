// Watching entries, over streams that break; and lists and proofs of the audit log over the wire.
#include <catch2/catch.hpp>
#include <thread>

#include "gusu/json.h"
#include "tests/client/fake_server.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

using grpc::StatusCode::PERMISSION_DENIED;
using grpc::StatusCode::UNAVAILABLE;

// Leaf indexes in the order in which they come, until as many have come.
Status Watch(const FakeServer& server, uint64_t first, size_t count, std::vector<uint64_t>* came,
             std::chrono::milliseconds deadline = std::chrono::seconds(30)) {
  WatchEntriesRequest request;
  request.start_leaf_index = first;
  return Client(server.options())
      .WatchEntries(
          request,
          [&](const WatchEvent& event) {
            for (const LogEntry& entry : event.entries) came->push_back(entry.leaf_index);
            return came->size() < count;
          },
          CallOptions{deadline});
}

void AddEntries(uint64_t first, uint64_t count, v1::WatchEntriesResponse* response) {
  for (uint64_t i = 0; i < count; ++i) response->add_entries()->set_leaf_index(first + i);
}

TEST_CASE("a watch whose streams break brings each entry once, in order") {
  Random random("watch");
  FakeServer server;
  server.audit.on_watch = [&](const v1::WatchEntriesRequest& request, FakeAudit::Writer* writer,
                              grpc::ServerContext*) {
    uint64_t next = request.start_leaf_index();
    for (size_t messages = random.Below(4); messages > 0; --messages) {
      v1::WatchEntriesResponse response;
      const size_t count = random.Below(20);
      AddEntries(next, count, &response);
      next += count;
      writer->Write(response);
    }
    return random.Below(2) == 0 ? grpc::Status::OK : grpc::Status(UNAVAILABLE, "reset");
  };
  std::vector<uint64_t> came;
  CHECK(Watch(server, 7, 3000, &came) == Status{});
  REQUIRE(came.size() >= 3000);
  for (size_t i = 0; i < came.size(); ++i) REQUIRE(came[i] == 7 + i);
}

TEST_CASE("a watch ends when it is refused, when entries are out of order, and in silence") {
  FakeServer server;
  std::vector<uint64_t> came;
  server.audit.on_watch = [](const auto&, auto*, auto*) {
    return Fault(PERMISSION_DENIED, "ROLE_REFUSED");
  };
  CHECK(Watch(server, 0, 1, &came).reason == "ROLE_REFUSED");
  server.audit.on_watch = [](const auto&, FakeAudit::Writer* writer, auto*) {
    v1::WatchEntriesResponse response;
    AddEntries(0, 3, &response);
    response.mutable_entries(2)->set_leaf_index(3);
    writer->Write(response);
    return grpc::Status::OK;
  };
  CHECK(Watch(server, 0, 1, &came).code == StatusCode::kInternal);
  CHECK(came.empty());
  // The server holds the stream and sends nothing.
  server.audit.on_watch = [](const auto&, auto*, grpc::ServerContext* context) {
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  };
  const Status silent = Watch(server, 0, 1, &came, std::chrono::milliseconds(50));
  CHECK(silent.code == StatusCode::kUnavailable);
  CHECK(silent.reason == kReasonServerUnreachable);
  CHECK(silent.message == "the server has not sent anything for 50 ms");
}

TEST_CASE("entries and proofs survive the wire with every field") {
  FakeServer server;
  FakeLog log;
  log.AppendMany(3);
  server.audit.log = std::make_shared<const FakeLog>(log);
  server.audit.on_entries = [&](const v1::ListEntriesRequest& request,
                                v1::ListEntriesResponse* response) {
    CHECK(request.start_leaf_index() == 1);
    CHECK(request.end_leaf_index() == 3);
    CHECK(request.start_time().seconds() == 1);
    CHECK(request.end_time().seconds() == 2);
    CHECK(request.prefix() == "prefixes/88.118.8");
    CHECK(request.view() == v1::CONTENT);
    CHECK(request.page_size() == 1);
    const bool first = request.page_token().empty();
    v1::LogEntry* entry = response->add_entries();
    FillEntry(log, first ? 1 : 2, entry);
    if (first) {
      response->set_next_page_token("next");
      return grpc::Status::OK;
    }
    v1::StoredRow* row = entry->mutable_row();
    row->set_table("records");
    row->set_resource("prefixes/88.118.8/records/N-2");
    row->set_revision(9);
    row->set_leaf_index(2);
    row->set_current(true);
    v1::ContentPart* part = row->add_parts();
    part->set_label("PARTNER");
    part->set_erased(true);
    part->set_commitment("c");
    row->set_sequence(4);
    row->set_record_count(5);
    *row->mutable_error() = RowFault(grpc::StatusCode::DATA_LOSS, "RECORD_CORRUPT");
    return grpc::Status::OK;
  };
  ListEntriesRequest request;
  request.start_leaf_index = 1;
  request.end_leaf_index = 3;
  request.start_time = ParseTimestamp("1970-01-01T00:00:01Z");
  request.end_time = ParseTimestamp("1970-01-01T00:00:02Z");
  request.prefix = "prefixes/88.118.8";
  request.view = EntryView::kContent;
  request.page_size = 1;
  std::vector<LogEntry> entries;
  Client client(server.options());
  for (Result<LogEntry>& entry : client.ListEntries(request)) entries.push_back(*entry);
  REQUIRE(entries.size() == 2);
  CHECK(ToJson(entries[0]) == ToJson(log.Entry(1)));
  REQUIRE(entries[1].row);
  CHECK(ToJson(*entries[1].row) ==
        R"({"table":"records","resource":"prefixes/88.118.8/records/N-2","revision":9,)"
        R"("leaf_index":2,"current":true,"parts":[{"label":"PARTNER","commitment":"Yw==",)"
        R"("erased":true}],"sequence":4,"record_count":5,"error":{"code":"DATA_LOSS",)"
        R"("reason":"RECORD_CORRUPT","message":"the test says RECORD_CORRUPT",)"
        R"("metadata":{"said_by":"test"}}})");

  const Result<InclusionProof> inclusion = client.GetInclusionProof(1);
  REQUIRE(inclusion.ok());
  CHECK(ToJson(*inclusion->proof) == ToJson(log.Prove(1)));
  CHECK(VerifyLeaf(*inclusion->proof, {log.vkey()})->leaf_index == 1);
  const Result<ConsistencyProof> consistency = client.GetConsistencyProof(2);
  REQUIRE(consistency.ok());
  CHECK(consistency->hashes == log.Consistency(2, 3));
  CHECK(consistency->checkpoint == log.Checkpoint());
  CHECK(*client.GetTile("tile/0/000.p/3") == log.Tile("tile/0/000.p/3"));
}

}  // namespace
}  // namespace gusu::test
