// The commonest of many addresses, in bounded space: the space-saving algorithm (Metwally, Agrawal,
// El Abbadi, 2005).
//
// Counts are exact while fewer addresses came than are followed. After that a new address takes the
// place and the count of the rarest one, so that every count is at least the true one, and too high
// by at most the sum of all divided by kFollowed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace gusu::server {

class SourceCounter {
 public:
  static constexpr size_t kFollowed = 400;

  void Add(std::string_view address, uint64_t count);
  // Of another counter: afterwards this one has seen what both saw.
  void Merge(const SourceCounter& other);

  struct Source {
    std::string address;
    uint64_t count = 0;
    friend bool operator==(const Source&, const Source&) = default;
  };
  // At most `sources_max`, commonest first, equally common ones in the order of their text.
  std::vector<Source> Commonest(size_t sources_max) const;

  size_t size() const { return counts_.size(); }

 private:
  // What an address that is not followed may have come to.
  uint64_t Floor() const;

  absl::flat_hash_map<std::string, uint64_t> counts_;
};

}  // namespace gusu::server
