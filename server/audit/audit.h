// The rules of the audit log's API. Knows no door and no bytes; speaks the API's own messages.
//
// Each call reads from one view of the ledger, on the calling thread.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "server/audit/checkpoints.h"
#include "server/audit/proofs.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class AddCosignaturesRequest;
class AddCosignaturesResponse;
class GetCheckpointRequest;
class GetCheckpointResponse;
class GetConsistencyProofRequest;
class GetConsistencyProofResponse;
class GetInclusionProofRequest;
class GetInclusionProofResponse;
class GetTileRequest;
class GetTileResponse;
class ListEntriesRequest;
class ListEntriesResponse;
class ListFilesRequest;
class ListFilesResponse;
class ListRowsRequest;
class ListRowsResponse;
class VerifyFileRequest;
class VerifyFileResponse;
class WatchEntriesRequest;
class WatchEntriesResponse;
}  // namespace gusu::v1

namespace gusu::server {

class Audit {
 public:
  // Entries in one message of a watch.
  static constexpr uint64_t kWatchEntriesMax = 256;

  // None is owned; all outlive it.
  Audit(const storage::Ledger* ledger, Checkpoints* checkpoints, const Proofs* proofs);

  absl::Status GetCheckpoint(const v1::GetCheckpointRequest& request, const Caller& caller,
                             v1::GetCheckpointResponse* response) const;
  absl::Status ListEntries(const v1::ListEntriesRequest& request, const Caller& caller,
                           v1::ListEntriesResponse* response) const;
  absl::Status GetInclusionProof(const v1::GetInclusionProofRequest& request, const Caller& caller,
                                 v1::GetInclusionProofResponse* response) const;
  absl::Status GetConsistencyProof(const v1::GetConsistencyProofRequest& request,
                                   const Caller& caller,
                                   v1::GetConsistencyProofResponse* response) const;
  absl::Status GetTile(const v1::GetTileRequest& request, const Caller& caller,
                       v1::GetTileResponse* response) const;
  absl::Status AddCosignatures(const v1::AddCosignaturesRequest& request, const Caller& caller,
                               v1::AddCosignaturesResponse* response) const;
  absl::Status ListRows(const v1::ListRowsRequest& request, const Caller& caller,
                        v1::ListRowsResponse* response) const;
  absl::Status ListFiles(const v1::ListFilesRequest& request, const Caller& caller,
                         v1::ListFilesResponse* response) const;
  absl::Status VerifyFile(const v1::VerifyFileRequest& request, const Caller& caller,
                          v1::VerifyFileResponse* response) const;

  // The next message of a watch that has sent everything below `next_leaf_index`: at most
  // kWatchEntriesMax entries below the size of the published checkpoint, and that checkpoint when
  // they reach it. kOutOfRange / TREE_SIZE_UNKNOWN for an index above the log's size.
  absl::Status NextOfWatch(const v1::WatchEntriesRequest& request, uint64_t next_leaf_index,
                           const Caller& caller, v1::WatchEntriesResponse* response) const;
  // Leaves in the published checkpoint's tree: whether a watch has anything to wait for.
  uint64_t PublishedSize() const { return checkpoints_->Published()->head.size; }
  // As Checkpoints::Listen.
  std::shared_ptr<void> Listen(Checkpoints::Listener listener) const {
    return checkpoints_->Listen(std::move(listener));
  }

 private:
  const storage::Ledger* ledger_;
  Checkpoints* checkpoints_;
  const Proofs* proofs_;
};

}  // namespace gusu::server
