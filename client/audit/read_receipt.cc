#include "client/audit/status_from.h"
#include "gusu/audit.h"
#include "proto/opening.h"
#include "proto/tlog_proof.h"

namespace gusu {

Result<LeafProof> ReadReceipt(const std::string& tlog_proof) {
  absl::StatusOr<TlogProof> read = ParseTlogProof(tlog_proof);
  if (!read.ok()) return StatusFrom(read.status());
  if (!LeafCommitTime(read->extra)) {
    return Status{StatusCode::kInvalidArgument,
                  "the receipt's extra is not a leaf of 41 bytes: which leaf does it prove?",
                  "PROOF_MALFORMED",
                  {}};
  }
  LeafProof proof;
  proof.leaf = std::move(read->extra);
  proof.tlog_proof = tlog_proof;
  return proof;
}

}  // namespace gusu
