// The line that a person watches while a long command runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "proto/papers/text.h"

namespace gusu::cli {

struct ProgressState {
  uint64_t bytes_read = 0;
  uint64_t bytes_total = 0;  // 0: not known
  uint64_t rows_count = 0;
  uint64_t refused_count = 0;
  double elapsed_seconds = 0;
  const char* unit = "rows";
};

// `[#####.....]  50%  12,000 rows  4,000/s  0:03 left  2 refused`
std::string ProgressLine(const ProgressState& state);
using papers::WithThousands;

// Redraws the line on `out` five times a second at most.
class Progress {
 public:
  Progress(std::ostream& out, bool enabled, uint64_t bytes_total, const char* unit = "rows");
  ~Progress();
  Progress(const Progress&) = delete;

  void Show(uint64_t bytes_read, uint64_t rows_count, uint64_t refused_count);
  double elapsed_seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& out_;
  const bool enabled_;
  const uint64_t bytes_total_;
  const char* const unit_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point shown_ = begin_;
  bool drawn_ = false;
};

}  // namespace gusu::cli
