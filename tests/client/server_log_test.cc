// Reading a log over the wire: pages ahead, and what is damaged within one.
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "gusu/log_verification.h"
#include "tests/client/fake_log.h"

namespace gusu::test {
namespace {

Status Damaged(const std::string& what) {
  return {StatusCode::kDataLoss, what, "RECORD_CORRUPT", {}};
}

// A server of 2,500 entries, in pages as they are asked for.
class PagedServer : public Connection {
 public:
  static constexpr uint64_t kEntries = 2500;

  std::set<uint64_t> unreadable;
  std::set<std::string> unreadable_tables;
  std::vector<uint32_t> page_sizes;
  EntryView view = EntryView::kUnspecified;
  Status proof_error;
  FakeLog log;

  PagedServer() { log.AppendMany(3); }

  Range<LogEntry> ListEntries(const ListEntriesRequest& request, const CallOptions&) override {
    view = request.view;
    return Range<LogEntry>([this, request](const std::string& token) -> Result<Page<LogEntry>> {
      page_sizes.push_back(request.page_size);
      Page<LogEntry> page;
      uint64_t next = token.empty() ? request.start_leaf_index : std::stoull(token);
      for (; next < request.end_leaf_index && page.items.size() < request.page_size; ++next) {
        if (unreadable.contains(next)) return Damaged("leaf " + std::to_string(next));
        page.items.emplace_back().leaf_index = next;
      }
      if (next < request.end_leaf_index) page.next_page_token = std::to_string(next);
      return page;
    });
  }
  Range<StoredRow> ListRows(const ListRowsRequest& request, const CallOptions&) override {
    CHECK(request.include_history);
    CHECK(request.view == EntryView::kUnspecified);
    if (unreadable_tables.contains(request.table)) {
      return Range<StoredRow>::OfError(Damaged("table " + request.table));
    }
    StoredRow row;
    row.table = request.table;
    return Range<StoredRow>::Of({row});
  }
  Result<std::vector<StoredFile>> ListFiles(const CallOptions&) override {
    return std::vector<StoredFile>{{"1.sst", 10}, {"2.sst", 20}};
  }
  Status VerifyFile(const std::string& name, const CallOptions&) override {
    return name == "2.sst" ? Damaged(name) : Status();
  }
  Result<LogCheckpoint> GetCheckpoint(const CallOptions&) override {
    return LogCheckpoint{log.Checkpoint(2), "", {}};
  }
  Result<InclusionProof> GetInclusionProof(uint64_t leaf_index, uint64_t,
                                           const CallOptions&) override {
    if (leaf_index >= log.size()) {
      return Status{StatusCode::kOutOfRange,
                    "there is no such leaf",
                    "TREE_SIZE_UNKNOWN",
                    {{"leaf_count", std::to_string(log.size())}}};
    }
    if (!proof_error.ok()) return proof_error;
    CHECK(leaf_index == log.size() - 1);
    InclusionProof proof;
    proof.proof = log.Prove(leaf_index);
    return proof;
  }
};

struct Reading {
  std::shared_ptr<PagedServer> server = std::make_shared<PagedServer>();
  ServerLog log{Client(server), EntryView::kOpening};
  std::vector<uint64_t> seen;

  Status Read(uint64_t first, uint64_t end, size_t entries_max = SIZE_MAX) {
    seen.clear();
    const std::thread::id caller = std::this_thread::get_id();
    return log.ReadEntries(first, end, [&](const LogEntry& entry) {
      CHECK(std::this_thread::get_id() == caller);
      seen.push_back(entry.leaf_index);
      return seen.size() < entries_max;
    });
  }
};

std::vector<uint64_t> Counting(uint64_t first, uint64_t end) {
  std::vector<uint64_t> numbers;
  for (; first < end; ++first) numbers.push_back(first);
  return numbers;
}

TEST_CASE("entries come in order, on the caller's thread, in pages of 1000") {
  Reading reading;
  CHECK(reading.Read(3, 2500).ok());
  CHECK(reading.seen == Counting(3, 2500));
  CHECK(reading.server->page_sizes == std::vector<uint32_t>{1000, 1000, 1000});
  CHECK(reading.server->view == EntryView::kOpening);
  CHECK(reading.Read(7, 7).ok());
  CHECK(reading.seen.empty());
}

TEST_CASE("reading ends when the caller has seen enough") {
  Reading reading;
  CHECK(reading.Read(0, 2500, 1).ok());
  CHECK(reading.seen == Counting(0, 1));
  CHECK(reading.Read(0, 2500, 1500).ok());
  CHECK(reading.seen == Counting(0, 1500));
}

TEST_CASE("all entries before the one that cannot be read are seen, though they share its page") {
  Reading reading;
  reading.server->unreadable = {1700, 1701};
  const Status status = reading.Read(0, 2500);
  CHECK(status == Damaged("leaf 1700"));
  CHECK(reading.seen == Counting(0, 1700));
  CHECK(reading.Read(1701, 2500) == Damaged("leaf 1701"));
  CHECK(reading.seen.empty());
  CHECK(reading.Read(1702, 2500).ok());
  CHECK(reading.seen == Counting(1702, 2500));
}

TEST_CASE("every table is listed, also after one that is damaged") {
  Reading reading;
  reading.server->unreadable_tables = {"registrants"};
  std::vector<std::string> tables;
  const Status status = reading.log.ReadRows([&tables](const StoredRow& row) {
    tables.push_back(row.table);
    return true;
  });
  CHECK(status == Damaged("table registrants"));
  CHECK(tables == std::vector<std::string>{"registry", "organization_codes", "prefixes",
                                           "credentials", "templates", "grants", "groups",
                                           "records", "range_patterns", "serial_ranges",
                                           "transfers", "counters"});
}

TEST_CASE("every file is read, also after one that is damaged") {
  Reading reading;
  std::vector<std::string> told;
  CHECK(reading.log
            .ReadFiles([&told](const FileReading& file) {
              told.push_back(file.file.name + " " + file.status.message + " " +
                             std::to_string(file.files_read_count) + "/" +
                             std::to_string(file.files_count));
              return true;
            })
            .ok());
  CHECK(told == std::vector<std::string>{"1.sst  1/2", "2.sst 2.sst 2/2"});
}

TEST_CASE("a checkpoint of all is that of a fresh proof, else the published one") {
  Reading reading;
  CHECK(reading.log.ReadCheckpoint().value() == reading.server->log.Checkpoint(2));
  CHECK(reading.log.ReadCheckpointOfAll().value() == reading.server->log.Checkpoint());
  reading.server->proof_error = Damaged("tile/0/000");
  CHECK(reading.log.ReadCheckpointOfAll().value() == reading.server->log.Checkpoint(2));
  reading.server->proof_error = {StatusCode::kUnavailable, "gone", "", {}};
  CHECK(reading.log.ReadCheckpointOfAll().status() == reading.server->proof_error);
}

}  // namespace
}  // namespace gusu::test
