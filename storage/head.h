// The store's one row of state, and reading a store as a whole when it is opened or recovered.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/merkle.h"
#include "storage/audit_tree.h"
#include "storage/directory.h"
#include "storage/engine.h"

namespace gusu::storage {

inline constexpr uint32_t kStoreFormat = 3;

// gusu.storage.v1.Head without its format.
struct Head {
  uint64_t leaf_count = 0;
  uint64_t last_revision = 0;
  uint64_t leader_epoch = 0;
  uint64_t requests_swept_leaf_count = 0;
  // Of the audit tree of `leaf_count` leaves.
  Hash root = EmptyRoot();
};

std::string EncodeHead(const Head& head);
// kDataLoss / RECORD_CORRUPT, or kFailedPrecondition / STORE_FORMAT_UNKNOWN.
absl::StatusOr<Head> DecodeHead(std::string_view bytes);

// A store after one commit: what the next one continues from.
struct StoreState {
  Head head;
  // As it stands in the store; nullopt in an empty one.
  std::optional<std::string> head_bytes;
  std::shared_ptr<const Snapshot> snapshot;
  std::shared_ptr<const Directory> directory;
  std::shared_ptr<const AuditTree> audit_tree;
};

// Reads the head, the small tables and the audit tree's end, and checks that they agree: as many
// openings as leaves, no row later than the head, the head's root that of the tree. kDataLoss /
// RECORD_CORRUPT names what does not.
absl::StatusOr<StoreState> ReadStore(Engine& engine);

}  // namespace gusu::storage
