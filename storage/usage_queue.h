// What waits to be written of the table of usage. Whoever uses it holds the lock that guards it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "storage/engine.h"

namespace gusu::storage {

class UsageQueue {
 public:
  static constexpr size_t kWritesMax = 10'000;
  static constexpr size_t kBytesMax = 4 << 20;
  using Done = std::function<void(absl::Status)>;

  // kInvalidArgument for a key of another table, kResourceExhausted / WRITE_QUEUE_FULL; then
  // nothing is queued. A later write of a key takes the place of the one that waits.
  absl::Status Push(std::vector<Batch::Write>& writes, Done& done);

  struct Taken {
    std::vector<Batch::Write> writes;  // in the order of keys
    std::vector<Done> done;
  };
  Taken TakeAll();

  bool empty() const { return done_.empty(); }

 private:
  std::map<std::string, std::optional<std::string>> writes_;
  std::vector<Done> done_;
  size_t bytes_ = 0;
};

}  // namespace gusu::storage
