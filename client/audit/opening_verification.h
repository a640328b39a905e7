// Checks openings against their leaves and against one another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "client/audit/differences.h"
#include "client/audit/leaf_facts.h"
#include "client/audit/prefix_tallies.h"
#include "gusu/log_verification.h"

namespace gusu {

// For one thread; entries come in the order of the log.
class OpeningVerification {
 public:
  // `all_shown`: an entry without its opening is a difference, and every prefix is counted from
  // its first change on. Nothing is owned.
  OpeningVerification(bool all_shown, LeafFacts* facts, PrefixTallies* tallies,
                      Differences* differences);

  // The opening, when it is shown and is one, even if it does not fit its leaf. Entries from
  // `checkpoint_size` on were logged after the checkpoint that is verified.
  std::optional<EntryOpening> Verify(const LogEntry& entry, uint64_t checkpoint_size);
  uint64_t openings_count() const { return openings_count_; }

 private:
  // What only openings of some operations have.
  void CheckKind(uint64_t leaf_index, const EntryOpening& opening);
  void CheckPrevious(uint64_t leaf_index, const EntryOpening& opening, uint64_t checkpoint_size);
  void CheckSequence(uint64_t leaf_index, const EntryOpening& opening);
  void CheckErasures(uint64_t leaf_index, const EntryOpening& opening, uint64_t checkpoint_size);
  // "leaf 17 (prefixes/88.118.8/records/HP-1): " and what.
  void Add(uint64_t leaf_index, const EntryOpening& opening, const std::string& what);

  const bool all_shown_;
  LeafFacts* facts_;
  PrefixTallies* tallies_;
  Differences* differences_;
  uint64_t openings_count_ = 0;
};

}  // namespace gusu
