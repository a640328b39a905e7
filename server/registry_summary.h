// What a registry is, in figures: for whoever opens its page.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "storage/ledger.h"

namespace gusu::server {

struct RegistrySummary {
  std::string origin;  // name of the log
  std::vector<std::string> node_prefixes;
  uint64_t registrant_count = 0;  // ACTIVE and SUSPENDED ones
  uint64_t prefix_count = 0;      // not RETIRED
  uint64_t record_count = 0;      // in whatever state
  uint64_t range_code_count = 0;  // codes of serial ranges, in whatever state
  uint64_t revision = 0;          // as of which it was counted
};

// kDataLoss / RECORD_CORRUPT for a row that cannot be read. Reads every registrant, every prefix
// and its counters.
absl::StatusOr<RegistrySummary> ReadRegistrySummary(const storage::View& view);

// Counts at most once in kAge, and only when something was written since. May be called from any
// thread; who comes while another counts gets what was counted before, if anything was.
class RegistrySummaries {
 public:
  static constexpr absl::Duration kAge = absl::Seconds(30);

  // The ledger is not owned, and outlives this.
  explicit RegistrySummaries(const storage::Ledger* ledger,
                             std::function<absl::Time()> clock = absl::Now)
      : ledger_(ledger), clock_(std::move(clock)) {}

  absl::StatusOr<std::shared_ptr<const RegistrySummary>> Latest();

 private:
  const storage::Ledger* const ledger_;
  const std::function<absl::Time()> clock_;
  std::mutex counting_mutex_;
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<const RegistrySummary> latest_;
  absl::Time time_;
};

}  // namespace gusu::server
