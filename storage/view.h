// The registry's state after one commit group: rows, history, openings and the small tables.
//
// Cheap to copy by shared_ptr; every function may be called from any thread. A view is for one
// request or one page of a list: it holds an engine snapshot, which has a maximum age.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"
#include "proto/merkle.h"
#include "proto/tile.h"
#include "storage/audit_tree.h"
#include "storage/directory.h"
#include "storage/engine.h"
#include "storage/keys.h"
#include "storage/log_rows.h"
#include "storage/row.h"

namespace gusu::storage::v1 {
class PrefixCountersRow;
}

namespace gusu::storage {

class View {
 public:
  // All are of the same commit.
  View(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const Directory> directory,
       std::shared_ptr<const AuditTree> audit_tree, TreeHead tree_head, uint64_t last_revision);

  const Directory& directory() const { return *directory_; }
  // Microseconds since 1970 UTC of the last commit; 0 for a store without any.
  uint64_t last_revision() const { return last_revision_; }
  uint64_t leaf_count() const { return tree_head_.size; }
  // The audit tree of these leaves: what may be signed, since it is durable.
  const TreeHead& tree_head() const { return tree_head_; }

  // The current row at a key of storage/keys.h, or nullopt.
  absl::StatusOr<std::optional<Row>> Get(std::string_view key) const;
  // As Get for each key, in one engine call.
  std::vector<absl::StatusOr<std::optional<Row>>> MultiGet(
      absl::Span<const std::string> keys) const;
  // The row that was current at `revision`: one read when it still is, else one seek more.
  absl::StatusOr<std::optional<Row>> GetAsOf(std::string_view key, uint64_t revision) const;

  // Current rows with keys in [begin, end), ascending, until `visit` returns false.
  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view key, const Row& row)>& visit) const;
  // Keys and values in [begin, end) as they are stored, of any table, ascending, until `visit`
  // returns false: for whoever goes on past a row that cannot be read.
  absl::Status ScanStored(
      std::string_view begin, std::string_view end,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const;
  // Revisions of the row at `key` up to `revision`, newest first, the current one included, until
  // `visit` returns false.
  absl::Status ScanRevisions(std::string_view key, uint64_t revision,
                             const std::function<bool(const Row& row)>& visit) const;

  // What the change at a leaf was; kOutOfRange beyond the log's end, kDataLoss when it is damaged.
  absl::StatusOr<Change> ReadChange(uint64_t leaf_index) const;
  // The same with its salt.
  using Opening = storage::Opening;
  absl::StatusOr<Opening> ReadOpening(uint64_t leaf_index) const;

  // The same for the leaves in [first, end), in order, until `visit` returns false: one scan, in
  // which an opening that is missing is kDataLoss too.
  absl::Status ScanOpenings(
      uint64_t first, uint64_t end,
      const std::function<bool(uint64_t leaf_index, const Opening& opening)>& visit) const;

  // Hashes of complete subtrees of the audit tree, for the proofs of proto/merkle.h; all must lie
  // within it. What is read is not checked against the root: whoever hands out a proof verifies it
  // first.
  absl::StatusOr<std::vector<Hash>> ReadNodes(const std::vector<NodePosition>& nodes) const;
  // The bytes of a tile of hashes, exactly as wide as asked. kNotFound / TILE_NOT_FOUND when the
  // tree does not have it, or not that much of it yet.
  absl::StatusOr<std::string> ReadTile(const TileAddress& tile) const;

  // The first answer to a request id, if it is remembered.
  struct KnownRequest {
    Hash digest;
    uint64_t first_leaf_index = 0;
    uint64_t first_revision = 0;
    uint32_t change_count = 0;
  };
  absl::StatusOr<std::optional<KnownRequest>> FindRequest(std::string_view scope,
                                                          std::string_view id) const;
  // Records that exist below a prefix (by key), in whatever state.
  absl::StatusOr<uint64_t> RecordCount(std::string_view prefix_key) const;
  // The same and the codes of its serial ranges: what its quota counts.
  absl::StatusOr<uint64_t> CodeCount(std::string_view prefix_key) const;

 private:
  absl::StatusOr<v1::PrefixCountersRow> CountersOf(std::string_view prefix_key) const;

  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<const Directory> directory_;
  std::shared_ptr<const AuditTree> audit_tree_;
  TreeHead tree_head_;
  uint64_t last_revision_;
};

}  // namespace gusu::storage
