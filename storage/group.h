// One commit group while it is put together: which sets are accepted, what they become, and the
// batch that makes it so. The writer's thread uses it, for one commit.
//
//   Group group(from, now_us);
//   group.Load(sets);                       // one engine read for all of them
//   AppendOutcome outcome = group.Add(set); // to be told after the commit
//   group.MoveTo(batch);                    // and the new head into it
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "storage/day_counts.h"
#include "storage/head.h"
#include "storage/ledger.h"
#include "storage/working_rows.h"

namespace gusu::storage {

// Codes of a minting pattern that are tried for one set, beyond those that it needs.
inline constexpr size_t kMintTriesMax = 1000;
// What one set may add to a batch: with a group of the usual size within the engine's limit.
inline constexpr size_t kSetBytesMax = 32 << 20;
inline constexpr size_t kSetChangesMax = 2000;
inline constexpr size_t kSaltBytes = 32;

class Group {
 public:
  // Continues from `from`, which outlives the group, at wall time `now_us`.
  Group(const StoreState& from, uint64_t now_us);

  // Reads the rows that these sets rest on and write.
  void Load(absl::Span<ChangeSet* const> sets);

  // Checks the set against the store and what was added before, and adds it or leaves everything as
  // it was. Takes what it needs out of the set.
  AppendOutcome Add(ChangeSet& set);

  size_t change_count() const { return head_.leaf_count - from_.head.leaf_count; }
  // Of keys and values so far.
  size_t bytes() const { return bytes_; }
  // Codes that were tried and found taken.
  size_t taken_codes() const { return taken_codes_; }
  // Whether there is anything to commit.
  bool has_writes() const;

  // The head after this group, but for its root, which MoveTo fills in.
  Head& head() { return head_; }
  // Of the small tables. kDataLoss when a payload is not its table's message.
  absl::StatusOr<std::shared_ptr<const Directory>> NewDirectory() const;
  // All but the head. The group is used up. Returns the audit tree with its leaves.
  std::shared_ptr<const AuditTree> MoveTo(Batch& batch);

 private:
  struct Counters {
    uint64_t sequence = 0;
    uint64_t record_count = 0;
    uint64_t range_code_count = 0;
    bool changed = false;
  };
  struct Mint {
    uint64_t next_serial = 1;
    bool changed = false;
  };
  // What Rollback goes back to.
  struct Mark {
    Head head;
    size_t openings, history, bytes, salts, day_counts;
  };
  using CheckOutcome = absl::StatusOr<std::optional<Refused>>;

  void Need(const std::vector<Precondition>& preconditions, std::vector<std::string>& keys) const;
  void LoadMinted(absl::Span<ChangeSet* const> sets);

  absl::StatusOr<std::optional<Appended>> Repeated(const ChangeSet& set);
  absl::Status ReadMinted(const ChangeSet& set, Appended& appended);
  AppendOutcome AddChanges(ChangeSet& set);

  CheckOutcome Check(const std::vector<Precondition>& preconditions, const ChangeSet& set,
                     size_t first_change);
  absl::StatusOr<std::optional<uint64_t>> RevisionAt(std::string_view key);
  absl::StatusOr<bool> QuotaHolds(const Precondition& precondition, const ChangeSet& set,
                                  size_t first_change);
  absl::StatusOr<std::optional<Row>> RowAt(std::string_view key);

  absl::StatusOr<std::string> AssignCode(Change& change, size_t& tries_left);
  absl::Status Apply(Change& change, std::string_view request_key);
  absl::Status PutIndexes(const Change& change);
  absl::Status PutRow(const RowPut& put);
  absl::Status RewriteRow(const RowRewrite& rewrite);
  absl::StatusOr<std::string> PlaceOf(const RowRewrite& rewrite);
  std::shared_ptr<const AuditTree> GrowTree(Batch& batch);
  absl::StatusOr<Counters*> CountersOf(std::string_view prefix_key);
  absl::StatusOr<Mint*> MintOf(std::string_view prefix_key, std::string_view pattern);

  Mark TakeMark();
  void Rollback(const Mark& mark);

  const StoreState& from_;
  const uint64_t now_us_;
  WorkingRows rows_;
  Head head_;
  std::vector<Batch::Write> openings_, history_;
  std::vector<Hash> leaf_hashes_;  // of the openings
  size_t bytes_ = 0;
  size_t taken_codes_ = 0;
  bool rewrites_ = false;  // whether any row was rewritten
  // By key of the row that keeps them.
  absl::node_hash_map<std::string, Counters> counters_;
  absl::node_hash_map<std::string, Mint> mints_;
  DayCounts day_counts_;
  // Of the set that is being added.
  std::vector<std::pair<Counters*, Counters>> counters_undo_;
  std::vector<std::pair<Mint*, Mint>> mints_undo_;
  // Identifiers minted by this group, by leaf: for a repeat within it.
  absl::flat_hash_map<uint64_t, std::string> minted_;
  // Random bytes, 32 for each change that was loaded, drawn at once.
  std::string salts_;
  size_t salts_used_ = 0;
};

}  // namespace gusu::storage
