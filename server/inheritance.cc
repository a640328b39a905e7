#include "server/inheritance.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"

namespace gusu::server {

absl::StatusOr<std::vector<StoredRecord>> Lineage::AncestorsOf(const StoredRecord& record) {
  std::vector<StoredRecord> ancestors;
  StoredRecord at = record;
  while (ancestors.size() < kDepthMax && !at.row->instance_of().empty()) {
    const uint64_t fixed = at.row->instance_of_revision();
    GUSU_ASSIGN_OR_RETURN(
        const std::optional<StoredRecord> next,
        Read(at.row->instance_of(), fixed == 0 ? revision_ : std::min(fixed, revision_)));
    if (!next) break;
    ancestors.push_back(*next);
    at = *next;
  }
  return ancestors;
}

absl::StatusOr<std::optional<StoredRecord>> Lineage::Read(const std::string& identifier,
                                                          uint64_t revision) {
  std::pair<std::string, uint64_t> key(ToKey(identifier), revision);
  if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
  GUSU_ASSIGN_OR_RETURN(std::optional<StoredRecord> record, ReadRecord(view_, key.first, revision));
  if (kept_.size() == kKeptMax) kept_.clear();
  kept_.emplace(std::move(key), record);
  return record;
}

}  // namespace gusu::server
