#include "server/statistics/source_counter.h"

#include <algorithm>

#include "proto/text.h"

namespace gusu::server {

void SourceCounter::Add(std::string_view address, uint64_t count) {
  const auto found = counts_.find(AbslView(address));
  if (found != counts_.end()) {
    found->second += count;
    return;
  }
  if (counts_.size() >= kFollowed) {
    const auto rarest =
        std::min_element(counts_.begin(), counts_.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    count += rarest->second;
    counts_.erase(rarest);
  }
  counts_.emplace(std::string(address), count);
}

uint64_t SourceCounter::Floor() const {
  if (counts_.size() < kFollowed) return 0;
  return std::min_element(counts_.begin(), counts_.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->second;
}

void SourceCounter::Merge(const SourceCounter& other) {
  const uint64_t floor = Floor(), floor_of_other = other.Floor();
  absl::flat_hash_map<std::string, uint64_t> all = counts_;
  for (auto& [address, count] : all) {
    const auto found = other.counts_.find(address);
    count += found == other.counts_.end() ? floor_of_other : found->second;
  }
  for (const auto& [address, count] : other.counts_) {
    if (!counts_.contains(address)) all.emplace(address, count + floor);
  }
  counts_ = std::move(all);
  if (counts_.size() <= kFollowed) return;
  const std::vector<Source> kept = Commonest(kFollowed);
  counts_.clear();
  for (const Source& source : kept) counts_.emplace(source.address, source.count);
}

std::vector<SourceCounter::Source> SourceCounter::Commonest(size_t sources_max) const {
  std::vector<Source> sources;
  sources.reserve(counts_.size());
  for (const auto& [address, count] : counts_) sources.push_back({address, count});
  const size_t kept = std::min(sources_max, sources.size());
  std::partial_sort(sources.begin(), sources.begin() + static_cast<ptrdiff_t>(kept), sources.end(),
                    [](const Source& a, const Source& b) {
                      return a.count != b.count ? a.count > b.count : a.address < b.address;
                    });
  sources.resize(kept);
  return sources;
}

}  // namespace gusu::server
