// Lets go of source addresses: of days that are long past, of all; of earlier days, of those that
// are not shown. A bounded number of rows at a time.
//
// The first sweep looks at every row of usage, each later one, of a new day, only at those that its
// day makes old: for each prefix two seeks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/statistics/usage.h"
#include "storage/engine.h"
#include "storage/view.h"

namespace gusu::server {

class SourceSweep {
 public:
  // Source addresses are kept for so many days, those of days before today no more than are shown.
  static constexpr int32_t kDays = 180;
  static constexpr size_t kShown = 100;
  // Rows that one step looks at, and bytes that it writes.
  static constexpr size_t kRowsMax = 1000;
  static constexpr size_t kBytesMax = 1 << 20;

  // What is to be written for the next rows; nothing when the day is swept. The same again until
  // Confirm() is called.
  absl::StatusOr<std::vector<storage::Batch::Write>> Next(const storage::View& view, int32_t today);
  void Confirm() { place_ = next_; }

 private:
  struct Place {
    std::string key;        // where it goes on; empty: at the beginning
    int32_t done_day = -1;  // the day that was swept last
    bool done_all = false;  // whether every row was looked at once
  };
  // Where to go on instead of looking at the row; nullopt: it is to be looked at.
  std::optional<std::string> SkipFrom(const UsageKey& key, int32_t today) const;

  Place place_, next_;
};

}  // namespace gusu::server
