#include "server/statistics/usage.h"

#include <algorithm>
#include <atomic>

#include "absl/time/civil_time.h"
#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "storage/registry_day.h"

namespace gusu::server {
namespace {

// Prefixes of one request that are counted apart: more than a batch of deliveries has.
constexpr size_t kPrefixesMax = 64;

// 0 for callers that are not counted.
char LetterOf(Door door) {
  switch (door) {
    case Door::kGrpc:
      return 'G';
    case Door::kHandle:
      return 'H';
    case Door::kHttp:
      return 'W';
    case Door::kInternal:
      return 0;
  }
  return 0;
}

}  // namespace

void UsageCounts::AddLatency(uint64_t latency_us, uint64_t time_s) {
  UsageCounts one;
  one.asked = 1;
  one.latency_us_min = one.latency_us_max = one.latency_us_sum = latency_us;
  one.latency_min_time_s = one.latency_max_time_s = time_s;
  Merge(one);
}

void UsageCounts::Merge(const UsageCounts& other) {
  if (other.asked == 0) return;
  if (asked == 0 || other.latency_us_min < latency_us_min) {
    latency_us_min = other.latency_us_min;
    latency_min_time_s = other.latency_min_time_s;
  }
  if (asked == 0 || other.latency_us_max > latency_us_max) {
    latency_us_max = other.latency_us_max;
    latency_max_time_s = other.latency_max_time_s;
  }
  asked += other.asked;
  answered += other.answered;
  never_issued += other.never_issued;
  latency_us_sum += other.latency_us_sum;
}

UsageRecorder::UsageRecorder(absl::TimeZone zone, std::function<void()> on_many)
    : zone_(zone), on_many_(std::move(on_many)) {}

void UsageRecorder::Add(std::string_view prefix_key, char door, std::string_view address,
                        absl::Time now, const UsageCounts& counts) {
  Shard& shard = shards_[std::hash<std::string_view>()(prefix_key) % kShards];
  {
    const std::lock_guard lock(shard.mutex);
    if (now < shard.day_begin || now >= shard.day_end) {
      shard.day = storage::DayOf(static_cast<uint64_t>(absl::ToUnixMicros(now)), zone_);
      const absl::CivilDay day = absl::CivilDay(1970) + shard.day;
      shard.day_begin = absl::FromCivil(day, zone_);
      shard.day_end = absl::FromCivil(day + 1, zone_);
    }
    UsageKey key{std::string(prefix_key), shard.day, door};
    auto found = shard.followed.find(key);
    if (found == shard.followed.end()) {
      if (followed_.fetch_add(1) >= kFollowed) {
        followed_.fetch_sub(1);
        return;
      }
      found = shard.followed.try_emplace(std::move(key)).first;
    }
    found->second.counts.Merge(counts);
    found->second.sources.Add(address, counts.asked);
  }
  if (on_many_ && followed_ >= kManyFollowed && !told_many_.exchange(true)) on_many_();
}

UsageMap UsageRecorder::TakeAll() {
  UsageMap all;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    followed_.fetch_sub(shard.followed.size());
    all.merge(shard.followed);
    shard.followed.clear();
  }
  told_many_ = false;
  return all;
}

UsageMeter::UsageMeter(UsageRecorder* recorder, const Caller& caller,
                       const storage::Directory& directory, absl::Time now)
    : recorder_(LetterOf(caller.door) == 0 ? nullptr : recorder),
      caller_(caller),
      directory_(directory),
      now_(now) {
  if (recorder_ != nullptr) last_ = Clock::now();
}

UsageMeter::~UsageMeter() {
  if (recorder_ == nullptr) return;
  for (const auto& [prefix_key, counts] : prefixes_) {
    recorder_->Add(prefix_key, LetterOf(caller_.door), caller_.peer, now_, counts);
  }
}

void UsageMeter::ReadAhead(size_t identifiers) {
  if (recorder_ == nullptr || identifiers == 0) return;
  const Clock::time_point now = Clock::now();
  share_ = (now - last_) / static_cast<Clock::rep>(identifiers);
  last_ = now;
}

UsageCounts* UsageMeter::CountsOf(std::string_view identifier) {
  const std::string_view prefix = identifier.substr(0, identifier.find('/'));
  if (!prefixes_.empty() && prefix == written_prefix_) {
    return current_ < prefixes_.size() ? &prefixes_[current_].second : nullptr;
  }
  if (prefix.size() > kPrefixCharactersMax) return nullptr;
  const std::string asked_key = ToKey(prefix);
  const auto* granted = directory_.FindPrefix(asked_key);
  if (granted == nullptr) granted = directory_.FindCoveringPrefix(asked_key);
  if (granted == nullptr) return nullptr;
  const std::string prefix_key = ToKey(granted->row->prefix());
  const auto found = std::find_if(prefixes_.begin(), prefixes_.end(),
                                  [&](const auto& each) { return each.first == prefix_key; });
  if (found == prefixes_.end() && prefixes_.size() == kPrefixesMax) return nullptr;
  written_prefix_ = std::string(prefix);
  current_ = static_cast<size_t>(found - prefixes_.begin());
  if (found == prefixes_.end()) prefixes_.emplace_back(prefix_key, UsageCounts());
  return &prefixes_[current_].second;
}

void UsageMeter::Count(std::string_view identifier, const absl::Status& status, bool has_record) {
  if (recorder_ == nullptr) return;
  const Clock::time_point now = Clock::now();
  const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(now - last_ + share_);
  last_ = now;
  UsageCounts* counts = CountsOf(identifier);
  if (counts == nullptr) return;
  counts->AddLatency(static_cast<uint64_t>(latency.count()),
                     static_cast<uint64_t>(absl::ToUnixSeconds(now_)));
  if (status.ok()) {
    if (has_record) ++counts->answered;
  } else if (absl::IsNotFound(status) && ErrorReason(status) == "IDENTIFIER_NOT_FOUND" &&
             ErrorMetadataValue(status, "create_time").empty()) {
    ++counts->never_issued;
  }
}

}  // namespace gusu::server
