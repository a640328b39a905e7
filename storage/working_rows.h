// The rows that a commit group reads and writes: the store's, overlaid with what the group did so
// far. One thread uses it.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace gusu::storage {

class WorkingRows {
 public:
  // `snapshot` outlives this.
  explicit WorkingRows(const Snapshot& snapshot) : snapshot_(snapshot) {}
  WorkingRows(const WorkingRows&) = delete;

  // Reads those of `keys` that are not here yet, in one engine call. A row that cannot be read is
  // an error of Find, for that key alone.
  void Load(std::vector<std::string> keys);

  // Whether the row at `key` is here, so that Find reads nothing.
  bool Has(std::string_view key) const { return rows_by_key_.contains(key); }
  // The row's bytes, valid until it is put; nullptr when there is no row.
  absl::StatusOr<const std::string*> Find(std::string_view key);
  // Key of the first row in [begin, end).
  absl::StatusOr<std::optional<std::string>> FirstIn(std::string_view begin, std::string_view end);

  void Put(std::string_view key, std::string bytes);
  // Puts, or with nullopt removes, a key that Find is never asked for: nothing is read.
  void PutUnread(std::string_view key, std::optional<std::string> bytes);

  // Puts from here on can be taken back.
  void Mark() { undo_.clear(); }
  void Rollback();

  // Takes what was put, in ascending order of keys.
  std::vector<Batch::Write> TakeWrites() &&;
  // Calls visit(key, bytes) for each row that was put and not removed, in no particular order.
  template <typename Visit>
  void ForEachPut(Visit visit) const {
    for (const Row& row : rows_) {
      if (row.put && row.bytes->has_value()) visit(row.key, **row.bytes);
    }
  }

 private:
  struct Row {
    std::string key;
    absl::StatusOr<std::optional<std::string>> bytes;
    bool put = false;
  };
  struct Undo {
    Row* row;
    absl::StatusOr<std::optional<std::string>> bytes;
    bool put;
  };
  struct Hash {
    size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };

  Row& At(std::string_view key);
  void Replace(Row& row, std::optional<std::string> bytes);
  bool IsRemoved(std::string_view key) const;

  const Snapshot& snapshot_;
  std::deque<Row> rows_;  // never moved: the map's keys are views into it
  absl::flat_hash_map<std::string_view, Row*, Hash> rows_by_key_;
  std::vector<Undo> undo_;
  // Keys that were put and not removed, in order; kept from the first FirstIn on.
  std::optional<std::set<std::string_view>> put_keys_;
};

}  // namespace gusu::storage
