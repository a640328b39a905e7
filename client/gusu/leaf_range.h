// Shows that leaves which follow one another stand in a signed tree, in this order and with none
// between them left out. Takes each leaf once, and the proofs of the first and the last one:
//
//   gusu::LeafRange range(tree_size, first, first_proof.hashes);
//   for (const gusu::LogEntry& entry : entries) range.Append(entry.leaf);
//   gusu::Status proven = range.Verify(checkpoint, last_proof.hashes);
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gusu/audit.h"

namespace gusu {

// For one thread. Holds at most 64 hashes, however many leaves there are.
class GUSU_EXPORT LeafRange {
 public:
  // `first_proof`: the inclusion proof of leaf `first` in the tree of `tree_size` leaves.
  LeafRange(uint64_t tree_size, uint64_t first, const std::vector<std::string>& first_proof);
  ~LeafRange();
  LeafRange(LeafRange&&) noexcept;

  void Append(const std::string& leaf);
  // How many were appended.
  uint64_t count() const;

  // OK when the leaves appended are those of the checkpoint's tree from `first` on. `last_proof`:
  // the inclusion proof of the last one. Else kInvalidArgument / PROOF_INVALID or PROOF_MALFORMED.
  Status Verify(const VerifiedCheckpoint& checkpoint,
                const std::vector<std::string>& last_proof) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace gusu
