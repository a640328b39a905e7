// Signs checkpoints of the audit log, publishes one a second while it grows, and keeps what
// witnesses signed.
//
// A checkpoint is of a tree that is durable (View::tree_head) and that the store, read anew, shows
// to extend the greatest tree signed before; and it stands in the anchor file before anybody sees
// it. There is at most one signature a size and key, whoever asks for it. May be called from any
// thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/checkpoint.h"
#include "server/audit/anchor.h"
#include "server/audit/checkpoint_signer.h"
#include "server/audit/cosignatures.h"
#include "storage/ledger.h"

namespace gusu::server {

class Checkpoints {
 public:
  static constexpr size_t kWitnessesMax = Cosignatures::kWitnessesMax;

  struct Options {
    std::string origin;
    std::vector<SignerKey> signers;  // at least one, each with the origin as its name
    // Where cosigned checkpoints are kept; empty: in memory.
    std::string cosigned_path;
    // Also how often the anchor is synced.
    absl::Duration publish_interval = absl::Seconds(1);
    // Published again after this long, though nothing was written.
    absl::Duration idle_interval = absl::Minutes(10);
  };

  // The ledger outlives it. Publishes the ledger's tree at once, and then on a thread of its own.
  // Fails as SignLatest does, and with kDataLoss / COSIGNED_CORRUPT for a file of cosignatures that
  // is not as it was written or of another tree.
  static absl::StatusOr<std::unique_ptr<Checkpoints>> Start(const storage::Ledger* ledger,
                                                            Anchor anchor, Options options);
  ~Checkpoints();

  const std::string& origin() const { return signer_.origin(); }
  std::vector<VerifierKey> verifiers() const { return signer_.verifiers(); }

  // Signs a tree that a view showed, appended to the anchor when it is the greatest so far. A
  // smaller one than the greatest signed is kFailedPrecondition / TREE_SIZE_UNKNOWN unless it was
  // signed before and is remembered; so is one that the store does not have yet. kUnavailable /
  // ANCHOR_NOT_WRITABLE, and what Ledger::Latest says. kDataLoss / LOG_INCONSISTENT when the tree
  // is no extension of what was signed: nothing is signed any more then.
  absl::StatusOr<std::shared_ptr<const SignedCheckpoint>> Sign(const TreeHead& head);
  // A view of now and its checkpoint; never TREE_SIZE_UNKNOWN.
  absl::StatusOr<SignedView> SignLatest();
  // A note that says what no checkpoint can, by the same keys. kInvalidArgument / FIELD_INVALID for
  // a text that is a checkpoint.
  absl::StatusOr<std::string> SignStatement(std::string text) const;

  std::shared_ptr<const SignedCheckpoint> Published() const;
  // Called after each publication with what Published() gives then, one call at a time, until the
  // returned handle is released; none is under way after that. Must neither block nor release its
  // own handle.
  using Listener = std::function<void(std::shared_ptr<const SignedCheckpoint>)>;
  std::shared_ptr<void> Listen(Listener listener);

  // The greatest checkpoint with cosignatures; empty: none.
  std::string Cosigned() const { return cosignatures_->note(); }
  // Stores the cosignatures of these witnesses on a checkpoint of this log, which must be the one
  // stored or a greater one, and durable when this returns. Gives what Cosigned() gives then.
  // kInvalidArgument: as OpenCheckpoint, SIGNATURE_MISSING for none of these witnesses,
  // FIELD_INVALID; kFailedPrecondition / TREE_SIZE_UNKNOWN for an older or a foreign tree;
  // kUnavailable / COSIGNED_NOT_WRITABLE.
  absl::StatusOr<std::string> AddCosignatures(std::string_view checkpoint,
                                              const std::vector<VerifierKey>& witnesses);

  // Publishes what is not published yet and stops the thread. A second call has no effect.
  void Stop();

 private:
  // Lives on with the handles.
  struct Listeners {
    std::mutex mutex;  // guards what follows; held while they are called
    uint64_t next_id = 0;
    std::map<uint64_t, Listener> by_id;
  };

  Checkpoints(const storage::Ledger* ledger, Anchor anchor, const Options& options);
  absl::Status Publish();
  void Run();
  void Tick();
  // Says once that it fails, and once that it does no more.
  void Tell(const absl::Status& status);

  CheckpointSigner signer_;
  std::unique_ptr<Cosignatures> cosignatures_;
  const absl::Duration publish_interval_;
  const absl::Duration idle_interval_;
  const std::shared_ptr<Listeners> listeners_ = std::make_shared<Listeners>();

  // The publishing thread alone, once it runs.
  absl::Time publish_time_;
  bool is_failing_ = false;

  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<const SignedCheckpoint> published_;
  bool stopping_ = false;
  std::condition_variable stop_asked_;

  std::once_flag stopped_;
  std::thread thread_;
};

}  // namespace gusu::server
