// Compares the store's rows with the log, in both directions: each leaf's row is what its opening
// binds, and each row is named by its leaf.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "client/audit/differences.h"
#include "client/audit/leaf_facts.h"
#include "client/audit/prefix_tallies.h"
#include "gusu/log_verification.h"

namespace gusu {

// For one thread. Rows of leaves from `checkpoint_size` on are looked at only to tell a store that
// has moved on from one that was tampered with.
class StoreVerification {
 public:
  // Rows that are newer than the checkpoint; what more there are is not looked at.
  static constexpr size_t kNewerRowsMax = 100'000;

  // Nothing is owned.
  StoreVerification(uint64_t checkpoint_size, LeafFacts* facts, PrefixTallies* tallies,
                    Differences* differences);

  // From the log to the store: the row that came with the entry.
  void CheckRow(const LogEntry& entry, const EntryOpening& opening);
  // After the last entry below the checkpoint's size.
  void KeepTallies();
  // From the store to the log: every row, in any order, after KeepTallies.
  void List(const StoredRow& row);
  // Some rows could not be listed, so that none counts as missing.
  void ListingIsCut() { cut_ = true; }
  // Whether all that was listed is explained by the leaves seen so far.
  bool IsExplained();
  // Adds what is not. `name_of` gives a leaf's resource.
  void AddUnexplained(const std::function<std::string(uint64_t leaf_index)>& name_of);

  // As in LogVerdict.
  uint64_t rows_count() const { return rows_count_; }
  uint64_t parts_count() const { return parts_count_; }
  uint64_t parts_by_server_count() const { return parts_by_server_count_; }
  uint64_t erased_count() const { return erased_count_; }
  uint64_t listed_count() const { return listed_count_; }

 private:
  struct NewerRow {
    std::string table;
    std::string resource;
    uint64_t revision = 0;
    uint64_t leaf_index = 0;
  };
  // Told a leaf of which something does not fit, and what. Returns whether to go on.
  using Tell = std::function<bool(uint64_t leaf_index, const std::string& what)>;

  void CheckParts(const LogEntry& entry, const EntryOpening& opening);
  void CheckPart(uint64_t leaf_index, const EntryOpening& opening,
                 const EntryOpening::Commitment& commitment, const ContentPart& part);
  void ListCounters(const StoredRow& row);
  // Adds what an allocation's row says to its prefix's tally.
  void CountCodes(const LogEntry& entry, const EntryOpening& opening);
  void ListPatterns(const StoredRow& row);
  bool ArePatternsOfTheirLeaf(const std::string& prefix, uint64_t revision,
                              uint64_t leaf_index) const;
  void ListOrganizationCode(const StoredRow& row);
  bool IsNamedByItsLeaf(const StoredRow& row);
  std::string FaultOfLeaf(uint64_t leaf_index) const;
  static std::string FaultOfTally(const PrefixTally& tally, bool cut);
  void TellLeaves(const Tell& tell) const;
  void AddNewerRows();
  void AddSecondBeginnings(const std::function<std::string(uint64_t leaf_index)>& name_of);

  const uint64_t checkpoint_size_;
  LeafFacts* facts_;
  PrefixTallies* tallies_;
  Differences* differences_;
  std::vector<NewerRow> newer_rows_;
  bool listed_ = false;
  bool cut_ = false;
  uint64_t listed_count_ = 0;
  uint64_t rows_count_ = 0;
  uint64_t parts_count_ = 0;
  uint64_t parts_by_server_count_ = 0;
  uint64_t erased_count_ = 0;
};

}  // namespace gusu
