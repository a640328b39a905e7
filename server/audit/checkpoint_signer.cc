#include "server/audit/checkpoint_signer.h"

#include <utility>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/log.h"

namespace gusu::server {
namespace {

absl::Status SizeUnknown(uint64_t size, uint64_t greatest, uint64_t leaf_count) {
  return Error(absl::StatusCode::kFailedPrecondition, "TREE_SIZE_UNKNOWN",
               Concat("a tree of ", size, " leaves is not signed now: up to ", greatest,
                      " are signed, and the log has ", leaf_count),
               {{"size", std::to_string(size)}, {"leaf_count", std::to_string(leaf_count)}});
}

NodeReader NodesOfView(const storage::View& view) {
  return [&view](const std::vector<NodePosition>& nodes) { return view.ReadNodes(nodes); };
}

}  // namespace

CheckpointSigner::CheckpointSigner(const storage::Ledger* ledger, Anchor anchor, std::string origin,
                                   std::vector<SignerKey> signers)
    : ledger_(ledger),
      origin_(std::move(origin)),
      signers_(std::move(signers)),
      anchor_(std::move(anchor)) {
  if (const Anchor::Entry* last = anchor_.LastOf(origin_)) {
    greatest_ = last->checkpoint.head;
    is_anchored_ = true;
  }
}

std::vector<VerifierKey> CheckpointSigner::verifiers() const {
  std::vector<VerifierKey> keys;
  for (const SignerKey& signer : signers_) keys.push_back(signer.verifier());
  return keys;
}

std::string CheckpointSigner::AnchorPath() const {
  const std::lock_guard lock(mutex_);
  return anchor_.path();
}

std::string CheckpointSigner::NoteOf(const TreeHead& head,
                                     std::vector<NoteSignature> further) const {
  SignedNote note;
  note.text = *FormatCheckpointBody({origin_, head, {}});
  for (const SignerKey& signer : signers_) note.signatures.push_back(signer.Sign(note.text));
  for (NoteSignature& signature : further) note.signatures.push_back(std::move(signature));
  return *FormatSignedNote(note);
}

absl::StatusOr<std::string> CheckpointSigner::SignStatement(std::string text) const {
  if (ParseCheckpointBody(text).ok()) {
    return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                 "a checkpoint is not a statement", {{"field", "text"}, {"value", Quote(text)}});
  }
  SignedNote note;
  for (const SignerKey& signer : signers_) note.signatures.push_back(signer.Sign(text));
  note.text = std::move(text);
  return FormatSignedNote(note);
}

absl::Status CheckpointSigner::Inconsistent(const TreeHead& known, const TreeHead& found) {
  const std::string root = HexEncode(AsBytes(known.root));
  const std::string root_found = HexEncode(AsBytes(found.root));
  inconsistent_ =
      Error(absl::StatusCode::kDataLoss, "LOG_INCONSISTENT",
            Concat("the audit log's tree of ", known.size, " leaves was signed with root ", root,
                   ", and now has root ", root_found, ": nothing is signed any more"),
            {{"size", std::to_string(known.size)}, {"root", root}, {"root_found", root_found}});
  Log(LogLevel::kError, "log_inconsistent", {{"error", StdView(inconsistent_.message())}});
  return inconsistent_;
}

// That the view's log begins with the greatest signed tree and with this one.
absl::Status CheckpointSigner::CheckExtends(const TreeHead& head, const storage::View& view) {
  const NodeReader nodes = NodesOfView(view);
  for (const TreeHead* known : {&std::as_const(greatest_), &head}) {
    TreeHead found{known->size, view.tree_head().root};
    if (known->size != view.leaf_count()) {
      GUSU_ASSIGN_OR_RETURN(found.root, ReadRoot(known->size, nodes));
    }
    if (found != *known) return Inconsistent(*known, found);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const SignedCheckpoint>> CheckpointSigner::SignLocked(
    const TreeHead& head, const storage::View& view) {
  GUSU_RETURN_IF_ERROR(inconsistent_);
  if (const auto known = remembered_.find(head.size); known != remembered_.end()) {
    if (known->second->head != head) return Inconsistent(known->second->head, head);
    return known->second;
  }
  if (head.size < greatest_.size || head.size > view.leaf_count()) {
    return SizeUnknown(head.size, greatest_.size, view.leaf_count());
  }
  GUSU_RETURN_IF_ERROR(CheckExtends(head, view));
  const auto checkpoint =
      std::make_shared<const SignedCheckpoint>(SignedCheckpoint{head, NoteOf(head, {})});
  if (!is_anchored_ || head.size > greatest_.size) {
    GUSU_RETURN_IF_ERROR(anchor_.Append(checkpoint->note));
    greatest_ = head;
    is_anchored_ = true;
  }
  remembered_.emplace(head.size, checkpoint);
  if (remembered_.size() > kRememberedMax) remembered_.erase(remembered_.begin());
  return checkpoint;
}

absl::StatusOr<std::shared_ptr<const SignedCheckpoint>> CheckpointSigner::Sign(
    const TreeHead& head) {
  const std::lock_guard lock(mutex_);
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  return SignLocked(head, *view);
}

absl::StatusOr<SignedView> CheckpointSigner::SignLatest() {
  const std::lock_guard lock(mutex_);
  GUSU_ASSIGN_OR_RETURN(auto view, ledger_->Latest());
  if (view->leaf_count() < greatest_.size) {
    // Only a store that lost what it had acknowledged shows fewer leaves than were signed.
    return Inconsistent(greatest_, view->tree_head());
  }
  GUSU_ASSIGN_OR_RETURN(auto checkpoint, SignLocked(view->tree_head(), *view));
  return SignedView{std::move(view), std::move(checkpoint)};
}

absl::Status CheckpointSigner::SyncAnchor() {
  const std::lock_guard lock(mutex_);
  return anchor_.Sync();
}

}  // namespace gusu::server
