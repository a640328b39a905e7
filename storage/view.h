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
#include "storage/directory.h"
#include "storage/engine.h"
#include "storage/keys.h"
#include "storage/row.h"

namespace gusu::storage {

class View {
 public:
  View(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const Directory> directory,
       uint64_t last_revision, uint64_t leaf_count);

  const Directory& directory() const { return *directory_; }
  // Microseconds since 1970 UTC of the last commit; 0 for a store without any.
  uint64_t last_revision() const { return last_revision_; }
  uint64_t leaf_count() const { return leaf_count_; }

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
  // Revisions of the row at `key` up to `revision`, newest first, the current one included, until
  // `visit` returns false.
  absl::Status ScanRevisions(std::string_view key, uint64_t revision,
                             const std::function<bool(const Row& row)>& visit) const;

  // What the change at a leaf was; kOutOfRange beyond the log's end, kDataLoss when it is damaged.
  absl::StatusOr<Change> ReadChange(uint64_t leaf_index) const;
  // The same with its salt.
  struct Opening {
    std::string bytes;
    std::string salt;
  };
  absl::StatusOr<Opening> ReadOpening(uint64_t leaf_index) const;

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

 private:
  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<const Directory> directory_;
  uint64_t last_revision_;
  uint64_t leaf_count_;
};

}  // namespace gusu::storage
