// Proves leaves of one view, many for one request: one signed checkpoint for all of them, and each
// tile and node read once.
//
// A proof is verified before it is handed out. What cannot be proven is kDataLoss / RECORD_CORRUPT
// with the key of the row that is at fault, or what signing and reading fail with.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/opening.h"
#include "server/audit/checkpoints.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::v1 {
class LeafProof;
}

namespace gusu::server {

// Whether a leaf's opening is shown.
enum class OpeningShown {
  kByRight,  // MayOpen
  kAlways,   // of what the caller has been answered
};

// To whom, and at which time: see PartsReader.
struct ProofReader {
  const Caller& caller;
  absl::Time now;
};

// For one request and one thread. Checkpoints and view outlive it.
class LeafProver {
 public:
  LeafProver(Checkpoints* checkpoints, const storage::View& view)
      : checkpoints_(checkpoints), view_(view) {}
  LeafProver(const LeafProver&) = delete;

  // kOutOfRange / TREE_SIZE_UNKNOWN for a leaf that the view does not have. Parts come with the
  // opening, and are compared with its commitments.
  absl::Status Prove(uint64_t leaf_index, const ProofReader& reader, OpeningShown shown,
                     v1::LeafProof* proof);

  // Only the hashes, in a tree of the view that needs no signature: of `head`, which the caller has
  // shown to be one.
  absl::StatusOr<std::vector<Hash>> ProveInTree(const TreeHead& head, uint64_t leaf_index);

  const storage::View& view() const { return view_; }
  Checkpoints& checkpoints() const { return *checkpoints_; }
  // Of the last proof: leaves in its tree, and its hashes.
  uint64_t tree_size() const { return checkpoint_->head.size; }
  const std::vector<Hash>& hashes() const { return hashes_; }

 private:
  // Tiles held at once: 512 KiB.
  static constexpr size_t kTilesMax = 64;
  // Nodes held at once; a proof needs 64 at most.
  static constexpr size_t kNodesMax = 64 * 1024;

  absl::Status ChooseCheckpoint(uint64_t leaf_index);
  absl::StatusOr<std::vector<Hash>> ReadNodes(const std::vector<NodePosition>& nodes);
  absl::StatusOr<std::string> ReadTile(const TileAddress& tile);
  absl::StatusOr<std::vector<Hash>> ProveIn(const TreeHead& head, uint64_t leaf_index,
                                            const Hash& leaf_hash);
  absl::Status AddParts(const Change& change, const ProofReader& reader, v1::LeafProof* proof);

  Checkpoints* const checkpoints_;
  const storage::View& view_;
  // Of the tree: `view_`, or a newer one that the checkpoint is of.
  const storage::View* tree_view_ = nullptr;
  std::shared_ptr<const storage::View> newer_view_;
  std::shared_ptr<const SignedCheckpoint> checkpoint_;
  std::vector<Hash> hashes_;
  std::map<std::pair<uint32_t, uint64_t>, std::string> tiles_;
  std::map<std::pair<uint32_t, uint64_t>, Hash> nodes_;
};

}  // namespace gusu::server
