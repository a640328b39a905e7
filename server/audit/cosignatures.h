// The greatest checkpoint of the log that witnesses have cosigned, with their cosignatures, in a
// file of one line in the anchor's form (server/audit/anchor.h), of mode 0600.
//
// May be called from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/checkpoint_signer.h"
#include "storage/ledger.h"

namespace gusu::server {

class Cosignatures {
 public:
  static constexpr size_t kWitnessesMax = 16;

  // What `path` holds; an empty path is in memory, and so is what no file holds yet. What was
  // cosigned in an earlier epoch of the log is passed over. kDataLoss / COSIGNED_CORRUPT names the
  // file that is not as it was written, or of a tree that is not the store's. Ledger and signer
  // outlive it.
  static absl::StatusOr<std::unique_ptr<Cosignatures>> Load(const storage::Ledger* ledger,
                                                            const CheckpointSigner* signer,
                                                            std::string path);

  // Empty: none.
  std::string note() const;
  // As Checkpoints::AddCosignatures.
  absl::StatusOr<std::string> Add(std::string_view checkpoint,
                                  const std::vector<VerifierKey>& witnesses);

 private:
  Cosignatures(const storage::Ledger* ledger, const CheckpointSigner* signer, std::string path)
      : ledger_(ledger), signer_(signer), path_(std::move(path)) {}
  absl::Status Read(std::string_view content);
  absl::Status CheckTree(const Checkpoint& checkpoint) const;

  const storage::Ledger* const ledger_;
  const CheckpointSigner* const signer_;
  const std::string path_;

  mutable std::mutex mutex_;  // guards what follows
  TreeHead head_;
  std::vector<NoteSignature> cosignatures_;
  std::string note_;  // empty: none
};

}  // namespace gusu::server
