#include "server/audit/proofs.h"

#include "absl/time/clock.h"
#include "google/rpc/status.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/latest_statement.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr size_t kSaltBytes = 32;

absl::Status RetryRest() {
  return Error(absl::StatusCode::kUnavailable, "RETRY_REST",
               Concat("the proofs of the answer reached ", Proofs::kProofBytesMax,
                      " bytes: ask GetInclusionProof for the rest"),
               {{"answer_bytes_max", std::to_string(Proofs::kProofBytesMax)}});
}

}  // namespace

Proofs::Proofs(const storage::Ledger* ledger, Checkpoints* checkpoints)
    : ledger_(ledger), checkpoints_(checkpoints) {}

void Proofs::Run(std::function<void()> task) const {
  if (!pool_.Submit(task)) task();
}

void Proofs::ProveReceipts(const Caller& caller, const std::vector<v1::Receipt*>& receipts) const {
  const auto view = ledger_->Latest();
  if (!view.ok()) {
    const google::rpc::Status error = ToRpcStatus(view.status());
    for (v1::Receipt* receipt : receipts) *receipt->mutable_proof_error() = error;
    return;
  }
  LeafProver prover(checkpoints_, **view);
  const absl::Time now = absl::Now();
  size_t bytes = 0;
  for (v1::Receipt* receipt : receipts) {
    absl::Status status = bytes >= kProofBytesMax ? RetryRest() : absl::OkStatus();
    if (status.ok()) {
      status = prover.Prove(receipt->leaf_index(), {caller, now}, OpeningShown::kByRight,
                            receipt->mutable_proof());
    }
    if (!status.ok()) {
      receipt->clear_proof();
      *receipt->mutable_proof_error() = ToRpcStatus(status);
    }
    bytes += receipt->ByteSizeLong();
  }
}

absl::Status Proofs::ProveAnswer(LeafProver& prover, const AnswerLeaves& leaves,
                                 const Caller& caller, v1::AnswerProof* proof) const {
  for (size_t i = 0; i < leaves.leaf_indexes.size(); ++i) {
    GUSU_RETURN_IF_ERROR(prover.Prove(leaves.leaf_indexes[i], {caller, leaves.now},
                                      OpeningShown::kAlways,
                                      i == 0 ? proof->mutable_record() : proof->add_ancestors()));
  }
  std::string salt = RandomBytes(kSaltBytes);
  LatestStatement statement;
  statement.origin = checkpoints_->origin();
  statement.tree_size = prover.view().leaf_count();
  statement.time_us = static_cast<uint64_t>(absl::ToUnixMicros(absl::Now()));
  statement.read_revision = leaves.read_revision;
  statement.revision = leaves.revision;
  statement.identifier_hash = IdentifierHash(salt, leaves.resource);
  GUSU_ASSIGN_OR_RETURN(std::string text, FormatLatestStatement(statement));
  GUSU_ASSIGN_OR_RETURN(*proof->mutable_statement(), checkpoints_->SignStatement(std::move(text)));
  proof->set_identifier_salt(std::move(salt));
  return absl::OkStatus();
}

}  // namespace gusu::server
