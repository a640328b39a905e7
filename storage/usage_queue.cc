#include "storage/usage_queue.h"

#include <utility>

#include "proto/error.h"
#include "proto/text.h"
#include "storage/keys.h"

namespace gusu::storage {
namespace {

size_t BytesOf(const Batch::Write& write) {
  return write.key.size() + (write.value.has_value() ? write.value->size() : 0);
}

}  // namespace

absl::Status UsageQueue::Push(std::vector<Batch::Write>& writes, Done& done) {
  size_t bytes = bytes_;
  for (const Batch::Write& write : writes) {
    if (write.key.empty() || write.key[0] != kUsageTable) {
      return absl::InvalidArgumentError("a write that is not of the table of usage");
    }
    bytes += BytesOf(write);
  }
  if (writes_.size() + writes.size() > kWritesMax || bytes > kBytesMax) {
    return Error(absl::StatusCode::kResourceExhausted, "WRITE_QUEUE_FULL",
                 Concat(writes_.size(), " rows of usage wait to be written"),
                 {{"queue_changes", std::to_string(writes_.size())},
                  {"queue_changes_max", std::to_string(kWritesMax)},
                  {"queue_bytes", std::to_string(bytes_)},
                  {"queue_bytes_max", std::to_string(kBytesMax)}});
  }
  bytes_ = bytes;
  for (Batch::Write& write : writes) {
    writes_.insert_or_assign(std::move(write.key), std::move(write.value));
  }
  done_.push_back(std::move(done));
  return absl::OkStatus();
}

UsageQueue::Taken UsageQueue::TakeAll() {
  Taken taken;
  taken.writes.reserve(writes_.size());
  for (auto& [key, value] : writes_) taken.writes.push_back({key, std::move(value)});
  taken.done = std::move(done_);
  writes_.clear();
  done_.clear();
  bytes_ = 0;
  return taken;
}

}  // namespace gusu::storage
