#include "storage/write_queue.h"

#include <catch2/catch.hpp>

#include "proto/error.h"

namespace gusu::storage {
namespace {

QueuedSet Set(size_t changes, const std::string& id) {
  QueuedSet set;
  set.changes = changes;
  set.bytes = changes;
  set.set.request = ChangeSet::Request{"", id, {}};
  return set;
}

void Push(WriteQueue& queue, size_t changes, const std::string& id) {
  QueuedSet set = Set(changes, id);
  REQUIRE(queue.Push(set).ok());
}

std::string Ids(const std::vector<QueuedSet>& sets) {
  std::string ids;
  for (const QueuedSet& set : sets) ids += set.set.request->id + " ";
  return ids;
}

}  // namespace

TEST_CASE("bulk and small sets take turns, each in its own order") {
  WriteQueue queue(100'000, 1 << 30);
  for (const char* id : {"B1", "B2", "B3"}) Push(queue, 1000, id);
  for (const char* id : {"a", "b", "c"}) Push(queue, 1, id);
  WriteQueue::Taken taken{};
  // After one bulk set, the small ones have had less.
  CHECK(Ids(queue.Take(1002, 4096, taken)) == "a B1 b ");
  CHECK(Ids(queue.Take(4096, 4096, taken)) == "c B2 B3 ");
  CHECK(queue.empty());
}

TEST_CASE("what is returned is taken again in the same order") {
  WriteQueue queue(100'000, 1 << 30);
  Push(queue, 1000, "B1");
  for (const char* id : {"a", "b", "c"}) Push(queue, 1, id);
  WriteQueue::Taken taken{};
  std::vector<QueuedSet> sets = queue.Take(4096, 4096, taken);
  CHECK(Ids(sets) == "a B1 b c ");
  sets.erase(sets.begin());
  queue.Return(std::move(sets), taken);
  CHECK(Ids(queue.Take(4096, 4096, taken)) == "B1 b c ");
}

TEST_CASE("a set that would go beyond the bound waits") {
  WriteQueue queue(100'000, 1 << 30);
  Push(queue, 60, "a");
  Push(queue, 60, "b");
  WriteQueue::Taken taken{};
  CHECK(Ids(queue.Take(512, 100, taken)) == "a ");
  CHECK(Ids(queue.Take(512, 40, taken)) == "");
  CHECK(Ids(queue.Take(512, 60, taken)) == "b ");
}

TEST_CASE("changes and bytes are bounded until they are released") {
  WriteQueue queue(10, 100);
  Push(queue, 6, "a");
  QueuedSet second = Set(5, "b");
  const absl::Status full = queue.Push(second);
  CHECK(ErrorReason(full) == "WRITE_QUEUE_FULL");
  CHECK(ErrorMetadataValue(full, "queue_changes") == "6");
  CHECK(second.set.request->id == "b");
  CHECK(queue.Drain().size() == 1);
  CHECK_FALSE(queue.Push(second).ok());
  queue.Release(6, 6);
  CHECK(queue.Push(second).ok());
  QueuedSet large = Set(1, "c");
  large.bytes = 96;
  CHECK(ErrorReason(queue.Push(large)) == "WRITE_QUEUE_FULL");
}

}  // namespace gusu::storage
