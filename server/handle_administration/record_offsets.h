// Which record of a prefix is the nth in the order of keys, without reading the records before it
// each time.
//
// Remembers the keys at some offsets, as it comes by them, for kKeptTime: from the nearest one on
// keys are counted, without their rows. What is registered meanwhile moves the offsets behind it,
// which is not followed: a place may be off by as many records, and a list that is read page by
// page still has every record once. Stated bounds: kMarksMax marks in all, kPrefixesMax prefixes
// (the one that was asked for longest ago is forgotten), kWalkKeysMax keys counted in one call. May
// be called from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "storage/view.h"

namespace gusu::server {

class RecordOffsets {
 public:
  static constexpr uint64_t kMarkInterval = 10'000;
  static constexpr size_t kMarksMax = 1'000;  // of a prefix
  static constexpr size_t kPrefixesMax = 64;
  static constexpr uint64_t kWalkKeysMax = 200'000;
  static constexpr absl::Duration kKeptTime = absl::Minutes(5);

  explicit RecordOffsets(std::function<absl::Time()> clock = absl::Now)
      : clock_(std::move(clock)) {}

  struct Place {
    // Of the record before the offset; empty: there is none, the list begins.
    std::string identifier_key;
    // False: kWalkKeysMax were counted and the offset is farther. To ask again goes on from there.
    bool reached = false;
  };
  // An offset beyond the end is the end.
  absl::StatusOr<Place> Find(const storage::View& view, const std::string& prefix_key,
                             uint64_t offset);
  // `identifier_key` is the record before the offset: whoever read a list tells where it ended.
  void Mark(const std::string& prefix_key, uint64_t offset, const std::string& identifier_key);

  size_t mark_count() const;

 private:
  struct Prefix {
    std::string key;
    absl::Time begun;
    std::map<uint64_t, std::string> marks;  // by offset
  };

  Prefix& PrefixOf(const std::string& prefix_key);
  static void Add(Prefix& prefix, uint64_t offset, const std::string& identifier_key);

  const std::function<absl::Time()> clock_;
  mutable std::mutex mutex_;    // guards what follows
  std::list<Prefix> prefixes_;  // the one that was asked for last comes first
};

}  // namespace gusu::server
