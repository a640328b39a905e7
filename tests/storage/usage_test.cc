// Rows of usage: written beside the log, by the same writer.
#include <catch2/catch.hpp>
#include <future>

#include "proto/error.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "storage/usage_queue.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

absl::Status PutUsage(Ledger& ledger, std::vector<Batch::Write> writes) {
  std::promise<absl::Status> told;
  ledger.PutUsage(std::move(writes),
                  [&told](absl::Status status) { told.set_value(std::move(status)); });
  return told.get_future().get();
}

const std::string kKey = UsageKey("88.118.8", 20'000, 'G');

}  // namespace

TEST_CASE("usage is durable when it is told, and no part of the log") {
  ManualClock clock;
  MemoryEngine memory;
  auto ledger = OpenLedger(memory, clock.Options());
  MustAppend(*ledger, Register("88.118.8/A"));
  const TreeHead before = MustLatest(*ledger)->tree_head();
  CHECK(PutUsage(*ledger, {{kKey, "1"}}).ok());
  CHECK(PutUsage(*ledger, {{kKey, "2"}}).ok());
  CHECK(MustLatest(*ledger)->tree_head() == before);
  CHECK(TableOf(*MustLatest(*ledger), kUsageTable) ==
        std::map<std::string, std::string>{{kKey, "2"}});
  ledger.reset();
  ledger = OpenLedger(memory, clock.Options());
  CHECK(TableOf(*MustLatest(*ledger), kUsageTable).size() == 1);
  CHECK(PutUsage(*ledger, {{kKey, std::nullopt}}).ok());
  CHECK(TableOf(*MustLatest(*ledger), kUsageTable).empty());
  CheckStore(*MustLatest(*ledger));
}

TEST_CASE("what waits of usage is written when the ledger stops") {
  ManualClock clock;
  MemoryEngine memory;
  auto ledger = OpenLedger(memory, clock.Options());
  std::promise<absl::Status> told;
  ledger->PutUsage({{kKey, "1"}}, [&told](absl::Status status) { told.set_value(status); });
  ledger->Stop();
  CHECK(told.get_future().get().ok());
  CHECK(PutUsage(*ledger, {{kKey, "2"}}).code() == absl::StatusCode::kUnavailable);
  ledger = OpenLedger(memory, clock.Options());
  CHECK(TableOf(*MustLatest(*ledger), kUsageTable) ==
        std::map<std::string, std::string>{{kKey, "1"}});
}

TEST_CASE("only rows of usage are written beside the log") {
  ManualClock clock;
  MemoryEngine memory;
  const auto ledger = OpenLedger(memory, clock.Options());
  const absl::Status refused = PutUsage(*ledger, {{kKey, "1"}, {RecordKey("88.118.8/A"), "x"}});
  CHECK(refused.code() == absl::StatusCode::kInvalidArgument);
  CHECK(TableOf(*MustLatest(*ledger), kUsageTable).empty());
}

TEST_CASE("usage that waits is bounded in rows and bytes") {
  UsageQueue queue;
  const auto push = [&queue](std::vector<Batch::Write> writes) {
    UsageQueue::Done done = [](absl::Status) {};
    return queue.Push(writes, done);
  };
  std::vector<Batch::Write> many;
  for (size_t i = 0; i < UsageQueue::kWritesMax; ++i) {
    many.push_back({UsageKey(std::to_string(i), 1, 'G'), ""});
  }
  CHECK(push(many).ok());
  CHECK(ErrorReason(push({{kKey, "1"}})) == "WRITE_QUEUE_FULL");
  CHECK(queue.TakeAll().writes.size() == UsageQueue::kWritesMax);
  CHECK(queue.empty());
  CHECK(ErrorReason(push({{kKey, std::string(UsageQueue::kBytesMax, 'x')}})) == "WRITE_QUEUE_FULL");
  CHECK(queue.empty());
}

}  // namespace gusu::storage
