#include "storage/memory/memory_engine.h"

#include <utility>

#include "storage/batch_limits.h"
#include "storage/memory/persistent_map.h"

namespace gusu::storage {
namespace {

// Keys that a scan visits between two looks at the clock.
constexpr size_t kScanKeysPerAgeCheck = 1024;

class MemorySnapshot final : public Snapshot {
 public:
  MemorySnapshot(std::shared_ptr<const PersistentMap> map, const AgeClock& clock)
      : map_(std::move(map)), age_(clock) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    if (absl::Status status = age_.Check(); !status.ok()) return status;
    const std::string* value = map_->Find(key);
    if (value == nullptr) return std::nullopt;
    return *value;
  }

  std::vector<absl::StatusOr<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys) const override {
    std::vector<absl::StatusOr<std::optional<std::string>>> values;
    values.reserve(keys.size());
    for (const std::string& key : keys) values.push_back(Get(key));
    return values;
  }

  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit)
      const override {
    absl::Status status = age_.Check();
    if (!status.ok()) return status;
    size_t visited = 0;
    map_->Scan(begin, end, [&](std::string_view key, const std::string& value) {
      if (++visited % kScanKeysPerAgeCheck == 0) status = age_.Check();
      return status.ok() && visit(key, value);
    });
    return status;
  }

 private:
  const std::shared_ptr<const PersistentMap> map_;
  const SnapshotAge age_;
};

bool Holds(const Batch::Expectation& expectation, const PersistentMap& map) {
  const std::string* value = map.Find(expectation.key);
  if (value == nullptr) return !expectation.value.has_value();
  return expectation.value == *value;
}

}  // namespace

MemoryEngine::MemoryEngine(AgeClock clock)
    : clock_(std::move(clock)), current_(std::make_shared<PersistentMap>()) {}

MemoryEngine::~MemoryEngine() = default;

std::shared_ptr<const PersistentMap> MemoryEngine::Current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> MemoryEngine::Latest() {
  return std::make_shared<MemorySnapshot>(Current(), clock_);
}

CommitResult MemoryEngine::Commit(const Batch& batch) {
  CommitResult result;
  result.status = CheckLimits(batch);
  if (!result.status.ok()) return result;

  std::lock_guard commit_lock(commit_mutex_);
  auto before = Current();
  for (size_t i = 0; i < batch.expectations.size(); ++i) {
    if (Holds(batch.expectations[i], *before)) continue;
    result.outcome = CommitResult::Outcome::kRefused;
    result.refused_expectation = i;
    return result;
  }
  PersistentMap::Editor editor(*before);
  for (const Batch::Write& write : batch.writes) {
    if (write.value.has_value()) {
      editor.Put(write.key, *write.value);
    } else {
      editor.Erase(write.key);
    }
  }
  auto after = std::make_shared<const PersistentMap>(std::move(editor).Take());
  {
    std::lock_guard lock(mutex_);
    current_ = std::move(after);
  }
  result.outcome = CommitResult::Outcome::kApplied;
  return result;
}

absl::Status MemoryEngine::Recover(absl::Duration) { return absl::OkStatus(); }

absl::StatusOr<std::vector<StoredFile>> MemoryEngine::Files() { return std::vector<StoredFile>(); }

absl::Status MemoryEngine::VerifyFile(const std::string&) { return absl::OkStatus(); }

}  // namespace gusu::storage
