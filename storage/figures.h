// What a ledger and its engine count of themselves, for those who operate them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace gusu::storage {

// How often something was of which size.
class Distribution {
 public:
  // Upper bounds of the ranges that are counted, ascending; beyond the last is one more range.
  explicit Distribution(std::vector<double> bounds);

  void Add(double size);

  const std::vector<double>& bounds() const { return bounds_; }
  // One for each bound: at most that, and more than the bound before; then that of the rest.
  const std::vector<uint64_t>& counts() const { return counts_; }
  double sum() const { return sum_; }
  uint64_t count() const;

 private:
  std::vector<double> bounds_;
  std::vector<uint64_t> counts_;
  double sum_ = 0;
};

// Since the start, but for what is said to be of now.
struct LedgerFigures {
  uint64_t groups = 0;   // that were committed
  uint64_t changes = 0;  // likewise
  uint64_t refused = 0;  // sets of which nothing was written, by their own fault
  uint64_t commits_failed = 0;
  uint64_t recoveries = 0;  // that were tried

  // Now, with the bounds of Ledger::Options.
  uint64_t queue_changes = 0, queue_changes_max = 0;
  uint64_t queue_bytes = 0, queue_bytes_max = 0;
  uint64_t leaf_count = 0;
  absl::Duration view_age;  // of what Latest() gives; zero while it gives none

  // Changes of a group; of groups with any.
  Distribution group_changes{{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096}};
  // How long the engine took to make a group durable.
  Distribution commit_seconds{
      {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10}};
};

// One thing that an engine counts, by the engine's own name for it.
struct EngineFigure {
  enum class Kind { kNow, kSinceStart };

  std::string name;  // snake case, unit last; of kSinceStart ends in _total
  std::string meaning;
  Kind kind = Kind::kNow;
  double value = 0;
};

struct EngineFigures {
  // In an order that does not change; a figure that cannot be read now is left out.
  std::vector<EngineFigure> figures;
};

}  // namespace gusu::storage
