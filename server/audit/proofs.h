// Makes what checks a change or an answer with no network: leaf, opening, parts, receipt,
// statement.
//
// A proof is verified before it leaves: see server/audit/leaf_prover.h. May be called from any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/audit/checkpoints.h"
#include "server/audit/leaf_prover.h"
#include "server/caller.h"
#include "server/work_pool.h"
#include "storage/view.h"

namespace gusu::v1 {
class AnswerProof;
class Receipt;
}  // namespace gusu::v1

namespace gusu::server {

class Proofs {
 public:
  // The proofs of one answer stop here; an answer has room for one more.
  static constexpr size_t kProofBytesMax = 3 << 20;

  // Neither is owned; both outlive it, and the ledger is stopped before its end, since the ledger's
  // answer thread hands it work. Its end waits for the answers that are in work.
  Proofs(const storage::Ledger* ledger, Checkpoints* checkpoints);

  // Runs a task that makes the proofs of a write's answer on a thread for that, so that the
  // ledger's answer thread goes on with those who asked for none; here when too many wait.
  void Run(std::function<void()> task) const;

  // Fills each receipt's proof for the change that it names, or proof_error: the change was made
  // all the same. kUnavailable / RETRY_REST beyond kProofBytesMax.
  void ProveReceipts(const Caller& caller, const std::vector<v1::Receipt*>& receipts) const;

  // For a request's proofs; the view outlives it.
  std::unique_ptr<LeafProver> Begin(const storage::View& view) const {
    return std::make_unique<LeafProver>(checkpoints_, view);
  }

  // Of an answer read from the prover's view as of `read_revision`: the record's leaf first, then
  // those of its ancestors, nearest first.
  struct AnswerLeaves {
    std::string resource;  // the record's name
    uint64_t revision = 0;
    uint64_t read_revision = 0;
    absl::Time now;  // of the rights that it was given by
    std::vector<uint64_t> leaf_indexes;
  };
  absl::Status ProveAnswer(LeafProver& prover, const AnswerLeaves& leaves, const Caller& caller,
                           v1::AnswerProof* proof) const;

 private:
  static constexpr size_t kThreads = 2;
  static constexpr size_t kTasksMax = 256;

  const storage::Ledger* ledger_;
  Checkpoints* checkpoints_;
  mutable WorkPool pool_{kThreads, kTasksMax};
};

}  // namespace gusu::server
