// Counts resolutions in memory, by prefix, day and door, until they are written.
//
//   UsageMeter meter(usage, caller, view->directory(), now);
//   for (…) {
//     const absl::Status status = resolution.Resolve(identifier, &response);
//     meter.Count(identifier, status, response.has_record());
//   }
//
// A request takes a lock once for each prefix that it asked for; nothing is read and nothing waits.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "server/statistics/source_counter.h"
#include "storage/directory.h"

namespace gusu::server {

// Resolutions of some time.
struct UsageCounts {
  uint64_t asked = 0;
  uint64_t answered = 0;
  uint64_t never_issued = 0;
  // They count when `asked` is not 0. Times are seconds since 1970 UTC.
  uint64_t latency_us_min = 0, latency_min_time_s = 0;
  uint64_t latency_us_max = 0, latency_max_time_s = 0;
  uint64_t latency_us_sum = 0;

  void AddLatency(uint64_t latency_us, uint64_t time_s);  // and one to `asked`
  void Merge(const UsageCounts& other);
};

struct UsageKey {
  std::string prefix_key;
  int32_t day = 0;  // since 1970-01-01 in the registry's time zone
  char door = 'G';  // G, H or W
  friend bool operator<(const UsageKey& a, const UsageKey& b) {
    return std::tie(a.prefix_key, a.day, a.door) < std::tie(b.prefix_key, b.day, b.door);
  }
};

struct Usage {
  UsageCounts counts;
  SourceCounter sources;
};

using UsageMap = std::map<UsageKey, Usage>;

class UsageRecorder {
 public:
  // Prefixes, times doors, that are followed until they are taken; what is asked of others is not
  // counted meanwhile.
  static constexpr size_t kFollowed = 4096 * 3;
  // When so many are followed, it is time to take them.
  static constexpr size_t kManyFollowed = kFollowed / 2;

  // `zone` says what a day is. `on_many` is called at most once between two calls of TakeAll, when
  // kManyFollowed is reached; it must not block.
  explicit UsageRecorder(absl::TimeZone zone, std::function<void()> on_many = nullptr);

  void Add(std::string_view prefix_key, char door, std::string_view address, absl::Time now,
           const UsageCounts& counts);

  // What was counted since the last call.
  UsageMap TakeAll();

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    std::mutex mutex;  // guards what follows
    UsageMap followed;
    // The day that was looked up last, and its times: [begin, end).
    int32_t day = 0;
    absl::Time day_begin = absl::InfiniteFuture();
    absl::Time day_end = absl::InfinitePast();
  };

  const absl::TimeZone zone_;
  const std::function<void()> on_many_;
  std::array<Shard, kShards> shards_;
  std::atomic<size_t> followed_{0};
  std::atomic<bool> told_many_{false};
};

// Of one request. Counts towards the recorder when it goes; `recorder` may be nullptr, and callers
// inside the server are not counted.
class UsageMeter {
 public:
  UsageMeter(UsageRecorder* recorder, const Caller& caller, const storage::Directory& directory,
             absl::Time now);
  ~UsageMeter();
  UsageMeter(const UsageMeter&) = delete;
  UsageMeter& operator=(const UsageMeter&) = delete;

  // What was read for the next `identifiers` together: each is charged its share.
  void ReadAhead(size_t identifiers);

  // An identifier as it was asked for, and what became of it. Its latency is the time since the
  // call before. Those below no granted prefix are not counted.
  void Count(std::string_view identifier, const absl::Status& status, bool has_record);

 private:
  using Clock = std::chrono::steady_clock;
  // Of the prefix that it is below; nullptr: of none.
  UsageCounts* CountsOf(std::string_view identifier);

  UsageRecorder* const recorder_;  // nullptr: nothing is counted
  const Caller& caller_;
  const storage::Directory& directory_;
  const absl::Time now_;
  Clock::time_point last_;
  Clock::duration share_{};
  std::string written_prefix_;  // of the identifier before
  size_t current_ = 0;          // index of its counts
  std::vector<std::pair<std::string, UsageCounts>> prefixes_;
};

}  // namespace gusu::server
