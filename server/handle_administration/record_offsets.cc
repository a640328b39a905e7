#include "server/handle_administration/record_offsets.h"

#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/keys.h"

namespace gusu::server {

absl::StatusOr<RecordOffsets::Place> RecordOffsets::Find(const storage::View& view,
                                                         const std::string& prefix_key,
                                                         uint64_t offset) {
  if (offset == 0) return Place{"", true};
  uint64_t at = 0;
  std::string last;
  {
    const std::lock_guard lock(mutex_);
    const auto& marks = PrefixOf(prefix_key).marks;
    const auto after = marks.upper_bound(offset);
    if (after != marks.begin()) std::tie(at, last) = *std::prev(after);
  }
  if (at == offset) return Place{last, true};
  const std::string table = storage::RecordKey("");
  const std::string beginning = storage::RecordKey(Concat(prefix_key, "/"));
  const std::string begin = last.empty() ? beginning : storage::RecordKey(last) + '\0';
  const uint64_t begun_at = at;
  std::vector<std::pair<uint64_t, std::string>> passed;
  GUSU_RETURN_IF_ERROR(view.ScanStored(begin, storage::AfterBeginning(beginning),
                                       [&](std::string_view key, std::string_view) {
                                         if (at == offset || at - begun_at == kWalkKeysMax)
                                           return false;
                                         last = key.substr(table.size());
                                         if (++at % kMarkInterval == 0)
                                           passed.emplace_back(at, last);
                                         return true;
                                       }));
  const bool stopped_early = at < offset && at - begun_at == kWalkKeysMax;
  const std::lock_guard lock(mutex_);
  Prefix& prefix = PrefixOf(prefix_key);
  for (const auto& [mark, key] : passed) Add(prefix, mark, key);
  Add(prefix, at, last);
  return Place{last, !stopped_early};
}

void RecordOffsets::Mark(const std::string& prefix_key, uint64_t offset,
                         const std::string& identifier_key) {
  const std::lock_guard lock(mutex_);
  Add(PrefixOf(prefix_key), offset, identifier_key);
}

size_t RecordOffsets::mark_count() const {
  const std::lock_guard lock(mutex_);
  size_t count = 0;
  for (const Prefix& prefix : prefixes_) count += prefix.marks.size();
  return count;
}

RecordOffsets::Prefix& RecordOffsets::PrefixOf(const std::string& prefix_key) {
  const absl::Time now = clock_();
  auto found = prefixes_.begin();
  while (found != prefixes_.end() && found->key != prefix_key) ++found;
  if (found != prefixes_.end()) {
    prefixes_.splice(prefixes_.begin(), prefixes_, found);
    if (now - found->begun > kKeptTime) *found = {prefix_key, now, {}};
    return *found;
  }
  if (prefixes_.size() == kPrefixesMax) prefixes_.pop_back();
  prefixes_.push_front({prefix_key, now, {}});
  return prefixes_.front();
}

void RecordOffsets::Add(Prefix& prefix, uint64_t offset, const std::string& identifier_key) {
  if (offset == 0) return;
  if (prefix.marks.size() >= kMarksMax && !prefix.marks.contains(offset)) {
    // One that lies where other marks are near.
    prefix.marks.erase(prefix.marks.begin());
  }
  prefix.marks[offset] = identifier_key;
}

}  // namespace gusu::server
