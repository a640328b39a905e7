// The records whose values a record inherits: its batch and its model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "server/stored_record.h"
#include "storage/view.h"

namespace gusu::server {

// Reads along instance_of. Many records of a batch share their ancestors, so the last ones read are
// kept; an object is for one request and one thread.
class Lineage {
 public:
  static constexpr size_t kDepthMax = 2;
  static constexpr size_t kKeptMax = 64;

  // As of `revision`. The view outlives the lineage.
  Lineage(const storage::View& view, uint64_t revision) : view_(view), revision_(revision) {}

  // Nearest first. A link to a fixed revision is followed to the ancestor of then.
  absl::StatusOr<std::vector<StoredRecord>> AncestorsOf(const StoredRecord& record);

 private:
  absl::StatusOr<std::optional<StoredRecord>> Read(const std::string& identifier,
                                                   uint64_t revision);

  const storage::View& view_;
  uint64_t revision_;
  absl::flat_hash_map<std::pair<std::string, uint64_t>, std::optional<StoredRecord>> kept_;
};

}  // namespace gusu::server
