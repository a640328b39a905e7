#include "server/audit/audit.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gusu/v1/audit.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/entry_listing.h"
#include "server/audit/proof_damage.h"
#include "server/audit/row_listing.h"
#include "server/log.h"
#include "server/resource_fields.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

// Reads nodes of a view's tree, and keeps which tiles they came from.
class NodesOfView {
 public:
  explicit NodesOfView(const storage::View& view) : view_(view) {}

  NodeReader reader() {
    return [this](const std::vector<NodePosition>& nodes) {
      for (const NodePosition& node : nodes) tiles_.push_back(TileOf(node, view_.leaf_count()));
      return view_.ReadNodes(nodes);
    };
  }
  // Of what was read, that does not lead to the log's root.
  absl::Status Damage() const {
    GUSU_RETURN_IF_ERROR(TileDamage(view_, tiles_));
    return storage::RowCorrupt(storage::HeadKey(), "the tree does not lead to the log's root");
  }

 private:
  const storage::View& view_;
  std::vector<TileAddress> tiles_;
};

absl::Status SizeUnknown(std::string_view field, uint64_t asked, uint64_t leaf_count) {
  return Error(
      absl::StatusCode::kOutOfRange, "TREE_SIZE_UNKNOWN",
      Concat(field, " is ", asked, ", and the log has ", leaf_count, " leaves"),
      {{std::string(field), std::to_string(asked)}, {"leaf_count", std::to_string(leaf_count)}});
}

void AddHashes(const std::vector<Hash>& hashes,
               google::protobuf::RepeatedPtrField<std::string>* field) {
  for (const Hash& hash : hashes) field->Add(std::string(AsBytes(hash)));
}

// The tree of the first `size` leaves, shown to be the beginning of the view's.
absl::StatusOr<TreeHead> HeadAt(const storage::View& view, uint64_t size) {
  if (size == view.leaf_count()) return view.tree_head();
  NodesOfView nodes(view);
  TreeHead head{size, {}};
  GUSU_ASSIGN_OR_RETURN(head.root, ReadRoot(size, nodes.reader()));
  GUSU_ASSIGN_OR_RETURN(const auto hashes,
                        MakeConsistencyProof(size, view.leaf_count(), nodes.reader()));
  if (!VerifyConsistency(head, view.tree_head(), hashes).ok()) return nodes.Damage();
  return head;
}

absl::StatusOr<std::string> EntryBundle(const storage::View& view, const TileAddress& tile) {
  if (tile.width > TileWidthAt(0, tile.index, view.leaf_count())) {
    return Error(absl::StatusCode::kNotFound, "TILE_NOT_FOUND",
                 Concat("the log of ", view.leaf_count(), " leaves has no ", TilePath(tile)),
                 {{"path", TilePath(tile)}, {"leaf_count", std::to_string(view.leaf_count())}});
  }
  std::vector<std::string> entries;
  absl::Status status;
  const uint64_t first = tile.index * kTileWidth;
  GUSU_RETURN_IF_ERROR(view.ScanOpenings(
      first, first + tile.width, [&](uint64_t leaf_index, const storage::Opening& opening) {
        const absl::StatusOr<Change> change = DecodeOpening(opening.bytes);
        if (!change.ok()) {
          status = storage::RowCorrupt(storage::OpeningKey(leaf_index),
                                       StdView(change.status().message()));
          return false;
        }
        entries.push_back(LeafBytes(change->revision, opening.salt, opening.bytes));
        return true;
      }));
  GUSU_RETURN_IF_ERROR(status);
  return EncodeEntryBundle(entries);
}

}  // namespace

Audit::Audit(const storage::Ledger* ledger, Checkpoints* checkpoints, const Proofs* proofs)
    : ledger_(ledger), checkpoints_(checkpoints), proofs_(proofs) {}

absl::Status Audit::GetCheckpoint(const v1::GetCheckpointRequest&, const Caller& caller,
                                  v1::GetCheckpointResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetCheckpoint, caller));
  response->set_checkpoint(checkpoints_->Published()->note);
  response->set_cosigned_checkpoint(checkpoints_->Cosigned());
  for (const VerifierKey& key : checkpoints_->verifiers()) response->add_vkeys(key.Text());
  return absl::OkStatus();
}

absl::Status Audit::ListEntries(const v1::ListEntriesRequest& request, const Caller& caller,
                                v1::ListEntriesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListEntries, caller));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  return ListEntriesOf(*view, request, caller, response);
}

absl::Status Audit::GetInclusionProof(const v1::GetInclusionProofRequest& request,
                                      const Caller& caller,
                                      v1::GetInclusionProofResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetInclusionProof, caller));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  const uint64_t leaf_index = request.leaf_index();
  if (leaf_index >= view->leaf_count()) {
    return SizeUnknown("leaf_index", leaf_index, view->leaf_count());
  }
  if (request.tree_size() > view->leaf_count() ||
      (request.tree_size() != 0 && leaf_index >= request.tree_size())) {
    return SizeUnknown("size", request.tree_size(), view->leaf_count());
  }
  const std::unique_ptr<LeafProver> prover = proofs_->Begin(*view);
  response->set_leaf_index(leaf_index);
  if (request.tree_size() == 0) {
    GUSU_RETURN_IF_ERROR(prover->Prove(leaf_index, {caller, absl::Now()}, OpeningShown::kByRight,
                                       response->mutable_proof()));
    response->set_tree_size(prover->tree_size());
    AddHashes(prover->hashes(), response->mutable_hashes());
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(const TreeHead head, HeadAt(*view, request.tree_size()));
  GUSU_ASSIGN_OR_RETURN(const std::vector<Hash> hashes, prover->ProveInTree(head, leaf_index));
  response->set_tree_size(head.size);
  AddHashes(hashes, response->mutable_hashes());
  return absl::OkStatus();
}

absl::Status Audit::GetConsistencyProof(const v1::GetConsistencyProofRequest& request,
                                        const Caller& caller,
                                        v1::GetConsistencyProofResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetConsistencyProof, caller));
  // Before the view, which then has its tree.
  const std::shared_ptr<const SignedCheckpoint> published = checkpoints_->Published();
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  const uint64_t old_size = request.old_size();
  const uint64_t new_size = request.new_size() == 0 ? published->head.size : request.new_size();
  if (new_size > view->leaf_count()) return SizeUnknown("size", new_size, view->leaf_count());
  if (old_size > new_size) return SizeUnknown("size", old_size, new_size);
  GUSU_ASSIGN_OR_RETURN(const TreeHead old_head, HeadAt(*view, old_size));
  GUSU_ASSIGN_OR_RETURN(const TreeHead new_head, HeadAt(*view, new_size));
  NodesOfView nodes(*view);
  GUSU_ASSIGN_OR_RETURN(const std::vector<Hash> hashes,
                        MakeConsistencyProof(old_size, new_size, nodes.reader()));
  if (!VerifyConsistency(old_head, new_head, hashes).ok()) return nodes.Damage();
  response->set_old_size(old_size);
  response->set_new_size(new_size);
  AddHashes(hashes, response->mutable_hashes());
  if (request.new_size() == 0) response->set_checkpoint(published->note);
  return absl::OkStatus();
}

absl::Status Audit::GetTile(const v1::GetTileRequest& request, const Caller& caller,
                            v1::GetTileResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetTile, caller));
  if (request.path().empty()) return FieldMissing("path");
  GUSU_ASSIGN_OR_RETURN(const TileAddress tile, ParseTilePath(request.path()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  if (tile.kind == TileAddress::Kind::kEntries) {
    GUSU_ASSIGN_OR_RETURN(*response->mutable_data(), EntryBundle(*view, tile));
  } else {
    GUSU_ASSIGN_OR_RETURN(*response->mutable_data(), view->ReadTile(tile));
  }
  return absl::OkStatus();
}

absl::Status Audit::AddCosignatures(const v1::AddCosignaturesRequest& request, const Caller& caller,
                                    v1::AddCosignaturesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kAddCosignatures, caller));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  if (request.checkpoint().empty()) return FieldMissing("checkpoint");
  if (request.witness_vkeys().empty()) return FieldMissing("witness_vkeys");
  if (static_cast<size_t>(request.witness_vkeys_size()) > Checkpoints::kWitnessesMax) {
    return FieldInvalid("witness_vkeys", std::to_string(request.witness_vkeys_size()),
                        Concat("at most ", Checkpoints::kWitnessesMax));
  }
  std::vector<VerifierKey> witnesses;
  for (const std::string& vkey : request.witness_vkeys()) {
    GUSU_ASSIGN_OR_RETURN(VerifierKey key, VerifierKey::Parse(vkey));
    witnesses.push_back(std::move(key));
  }
  GUSU_ASSIGN_OR_RETURN(*response->mutable_cosigned_checkpoint(),
                        checkpoints_->AddCosignatures(request.checkpoint(), witnesses));
  Log(LogLevel::kInfo, "cosignatures_added",
      {{"credential", caller.credential}, {"reason", request.reason()}});
  return absl::OkStatus();
}

absl::Status Audit::ListRows(const v1::ListRowsRequest& request, const Caller& caller,
                             v1::ListRowsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRows, caller));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  return ListRowsOf(*view, request, caller, response);
}

absl::Status Audit::ListFiles(const v1::ListFilesRequest&, const Caller& caller,
                              v1::ListFilesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListFiles, caller));
  GUSU_ASSIGN_OR_RETURN(const std::vector<storage::StoredFile> files, ledger_->Files());
  for (const storage::StoredFile& file : files) {
    v1::StoredFile* message = response->add_files();
    message->set_name(file.name);
    message->set_bytes(file.bytes);
  }
  return absl::OkStatus();
}

absl::Status Audit::VerifyFile(const v1::VerifyFileRequest& request, const Caller& caller,
                               v1::VerifyFileResponse*) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kVerifyFile, caller));
  if (request.name().empty()) return FieldMissing("name");
  return ledger_->VerifyFile(request.name());
}

absl::Status Audit::NextOfWatch(const v1::WatchEntriesRequest& request, uint64_t next_leaf_index,
                                const Caller& caller, v1::WatchEntriesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kWatchEntries, caller));
  if (request.view() == v1::CONTENT || !v1::EntryView_IsValid(request.view())) {
    return FieldInvalid("view", std::to_string(request.view()), "LEAF or OPENING");
  }
  // Before the view, which then has its tree.
  std::shared_ptr<const SignedCheckpoint> checkpoint = checkpoints_->Published();
  GUSU_ASSIGN_OR_RETURN(auto view, ledger_->Latest());
  if (next_leaf_index > view->leaf_count()) {
    return SizeUnknown("leaf_index", next_leaf_index, view->leaf_count());
  }
  if (next_leaf_index > checkpoint->head.size) {
    GUSU_ASSIGN_OR_RETURN(SignedView latest, checkpoints_->SignLatest());
    view = std::move(latest.view);
    checkpoint = std::move(latest.checkpoint);
  }
  const uint64_t end = std::min(checkpoint->head.size, next_leaf_index + kWatchEntriesMax);
  GUSU_RETURN_IF_ERROR(AddEntries(*view, next_leaf_index, end, request.view() != v1::LEAF, caller,
                                  response->mutable_entries()));
  if (next_leaf_index + static_cast<uint64_t>(response->entries_size()) == checkpoint->head.size) {
    response->set_checkpoint(checkpoint->note);
  }
  return absl::OkStatus();
}

}  // namespace gusu::server
