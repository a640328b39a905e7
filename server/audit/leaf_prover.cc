#include "server/audit/leaf_prover.h"

#include <algorithm>

#include "gusu/v1/resources.pb.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/tlog_proof.h"
#include "server/audit/opening_rights.h"
#include "server/audit/proof_damage.h"
#include "server/audit/stored_parts.h"
#include "storage/row_corrupt.h"

namespace gusu::server {

// The published one when it has the leaf: most proofs need no signature. Else one of now, with the
// view that it is of, since the tree of an older view may not be signed any more.
absl::Status LeafProver::ChooseCheckpoint(uint64_t leaf_index) {
  if (checkpoint_ != nullptr && leaf_index < checkpoint_->head.size) return absl::OkStatus();
  tiles_.clear();
  nodes_.clear();
  std::shared_ptr<const SignedCheckpoint> published = checkpoints_->Published();
  if (published != nullptr && leaf_index < published->head.size &&
      published->head.size <= view_.leaf_count()) {
    checkpoint_ = std::move(published);
    tree_view_ = &view_;
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(SignedView latest, checkpoints_->SignLatest());
  checkpoint_ = std::move(latest.checkpoint);
  newer_view_ = std::move(latest.view);
  tree_view_ = newer_view_.get();
  return absl::OkStatus();
}

absl::StatusOr<std::string> LeafProver::ReadTile(const TileAddress& tile) {
  const std::pair<uint32_t, uint64_t> place(tile.level, tile.index);
  if (const auto found = tiles_.find(place); found != tiles_.end()) return found->second;
  GUSU_ASSIGN_OR_RETURN(std::string bytes, tree_view_->ReadTile(tile));
  if (tiles_.size() == kTilesMax) tiles_.clear();
  tiles_.emplace(place, bytes);
  return bytes;
}

absl::StatusOr<std::vector<Hash>> LeafProver::ReadNodes(const std::vector<NodePosition>& nodes) {
  if (nodes_.size() + nodes.size() > kNodesMax) nodes_.clear();
  std::vector<NodePosition> missing;
  for (const NodePosition& node : nodes) {
    if (!nodes_.contains({node.level, node.index})) missing.push_back(node);
  }
  if (!missing.empty()) {
    const NodeReader read = ReadNodesFromTiles(
        tree_view_->leaf_count(), [this](const TileAddress& tile) { return ReadTile(tile); });
    GUSU_ASSIGN_OR_RETURN(const std::vector<Hash> hashes, read(missing));
    for (size_t i = 0; i < missing.size(); ++i) {
      nodes_.insert_or_assign({missing[i].level, missing[i].index}, hashes[i]);
    }
  }
  std::vector<Hash> hashes;
  hashes.reserve(nodes.size());
  for (const NodePosition& node : nodes) hashes.push_back(nodes_.at({node.level, node.index}));
  return hashes;
}

absl::StatusOr<std::vector<Hash>> LeafProver::ProveIn(const TreeHead& head, uint64_t leaf_index,
                                                      const Hash& leaf_hash) {
  std::vector<TileAddress> tiles;
  GUSU_ASSIGN_OR_RETURN(
      std::vector<Hash> hashes,
      MakeInclusionProof(leaf_index, head.size, [&](const std::vector<NodePosition>& nodes) {
        for (const NodePosition& node : nodes) {
          tiles.push_back(TileOf(node, tree_view_->leaf_count()));
        }
        return ReadNodes(nodes);
      }));
  if (VerifyInclusion(leaf_hash, leaf_index, hashes, head).ok()) return hashes;
  return ProofDamage(*tree_view_, leaf_index, leaf_hash, tiles);
}

absl::Status LeafProver::AddParts(const Change& change, const ProofReader& reader,
                                  v1::LeafProof* proof) {
  if (change.commitments.empty()) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(const RevisionRow found,
                        ReadRevision(view_, change.resource, change.revision));
  GUSU_ASSIGN_OR_RETURN(const std::vector<StoredPart> parts,
                        PartsOf(found.key, found.row, {view_, reader.caller, reader.now}));
  const std::string key =
      found.current ? found.key : storage::HistoryKey(found.key, change.revision);
  for (const Commitment& commitment : change.commitments) {
    const auto part = std::find_if(parts.begin(), parts.end(), [&commitment](const StoredPart& p) {
      return p.label == commitment.label;
    });
    const bool is_bound =
        part != parts.end() &&
        (part->erased || CommitmentHash(part->salt, part->content) == commitment.hash);
    if (!is_bound) {
      return storage::RowCorrupt(key, Concat("its ", commitment.label, " is not what ",
                                             change.resource, " was logged with"));
    }
    FillPart(*part, proof->add_parts());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Hash>> LeafProver::ProveInTree(const TreeHead& head,
                                                          uint64_t leaf_index) {
  GUSU_ASSIGN_OR_RETURN(const storage::Opening opening, view_.ReadOpening(leaf_index));
  const absl::StatusOr<Change> change = DecodeOpening(opening.bytes);
  if (!change.ok()) {
    return storage::RowCorrupt(storage::OpeningKey(leaf_index), StdView(change.status().message()));
  }
  tree_view_ = &view_;
  return ProveIn(head, leaf_index,
                 LeafHash(LeafBytes(change->revision, opening.salt, opening.bytes)));
}

absl::Status LeafProver::Prove(uint64_t leaf_index, const ProofReader& reader, OpeningShown shown,
                               v1::LeafProof* proof) {
  GUSU_ASSIGN_OR_RETURN(const storage::Opening opening, view_.ReadOpening(leaf_index));
  const absl::StatusOr<Change> change = DecodeOpening(opening.bytes);
  if (!change.ok()) {
    return storage::RowCorrupt(storage::OpeningKey(leaf_index), StdView(change.status().message()));
  }
  GUSU_RETURN_IF_ERROR(ChooseCheckpoint(leaf_index));
  TlogProof receipt;
  receipt.extra = LeafBytes(change->revision, opening.salt, opening.bytes);
  receipt.leaf_index = leaf_index;
  receipt.checkpoint = checkpoint_->note;
  GUSU_ASSIGN_OR_RETURN(receipt.hashes,
                        ProveIn(checkpoint_->head, leaf_index, LeafHash(receipt.extra)));
  GUSU_ASSIGN_OR_RETURN(*proof->mutable_tlog_proof(), FormatTlogProof(receipt));
  hashes_ = std::move(receipt.hashes);
  proof->set_leaf(receipt.extra);
  if (shown == OpeningShown::kByRight && !MayOpen(reader.caller, *change, view_.directory())) {
    return absl::OkStatus();
  }
  proof->set_opening(opening.bytes);
  proof->set_salt(opening.salt);
  return AddParts(*change, reader, proof);
}

}  // namespace gusu::server
