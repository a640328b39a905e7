// Signs trees of the audit log: each at most once, none that is smaller than or no extension of
// what was signed, and each in the anchor before anybody sees its signature.
//
// What to sign is read from the store anew: a tree counts when the ledger's latest view leads to
// its root. May be called from any thread; one signature is made at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/checkpoint.h"
#include "server/audit/anchor.h"
#include "storage/ledger.h"

namespace gusu::server {

struct SignedCheckpoint {
  TreeHead head;
  std::string note;  // signed by every key of the log
};

// A view of the ledger and the checkpoint of its tree.
struct SignedView {
  std::shared_ptr<const storage::View> view;
  std::shared_ptr<const SignedCheckpoint> checkpoint;
};

class CheckpointSigner {
 public:
  // The signatures of the greatest sizes; those of smaller ones are forgotten.
  static constexpr size_t kRememberedMax = 1024;

  // The ledger outlives it. At least one signer, each with the origin as its name.
  CheckpointSigner(const storage::Ledger* ledger, Anchor anchor, std::string origin,
                   std::vector<SignerKey> signers);

  const std::string& origin() const { return origin_; }
  std::vector<VerifierKey> verifiers() const;
  std::string AnchorPath() const;

  // As Checkpoints says.
  absl::StatusOr<std::shared_ptr<const SignedCheckpoint>> Sign(const TreeHead& head);
  absl::StatusOr<SignedView> SignLatest();
  absl::StatusOr<std::string> SignStatement(std::string text) const;

  // A checkpoint's text and the log's signatures, with further ones below, without asking whether
  // it may be signed: for a tree that was.
  std::string NoteOf(const TreeHead& head, std::vector<NoteSignature> further) const;

  // kUnavailable / ANCHOR_NOT_WRITABLE.
  absl::Status SyncAnchor();

 private:
  absl::StatusOr<std::shared_ptr<const SignedCheckpoint>> SignLocked(const TreeHead& head,
                                                                     const storage::View& view);
  absl::Status CheckExtends(const TreeHead& head, const storage::View& view);
  absl::Status Inconsistent(const TreeHead& known, const TreeHead& found);

  const storage::Ledger* const ledger_;
  const std::string origin_;
  const std::vector<SignerKey> signers_;

  mutable std::mutex mutex_;  // guards what follows
  Anchor anchor_;
  TreeHead greatest_;  // signed, and in the anchor
  bool is_anchored_ = false;
  absl::Status inconsistent_;  // once not OK, nothing is signed any more
  std::map<uint64_t, std::shared_ptr<const SignedCheckpoint>> remembered_;
};

}  // namespace gusu::server
