// One message of a registration stream: each row a change set of its own, queued in order.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "server/registration.h"
#include "server/registry.h"
#include "server/submission.h"

namespace gusu::server {

// Rows that are instances of another row, of this message or of one before it, wait until that one
// is decided, so a model and its items can come in one stream: at most one pass over the rows for
// each level, and one for the messages before.
class StreamRegistration : public std::enable_shared_from_this<StreamRegistration> {
 public:
  // `request` stays as it is until `done` was called.
  StreamRegistration(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                     const v1::StreamRegisterRequest* request, uint64_t first_row_index,
                     Done<v1::StreamRegisterResponse> done);
  ~StreamRegistration();

  void Start();

 private:
  void RunPass(const std::vector<int>& rows);
  void SubmitRow(int row, const storage::View& view, Registrations& registrations);
  bool WaitsForOther(int row, const absl::Status& refusal) const;
  void SetOutcome(int row, absl::StatusOr<v1::RegisterResult> result);
  void Release();

  storage::Ledger* ledger_;
  std::shared_ptr<const Actor> actor_;
  const v1::StreamRegisterRequest* request_;
  Done<v1::StreamRegisterResponse> done_;
  // Each outcome is written by one thread; `outstanding_` orders them before the answer.
  std::unique_ptr<v1::StreamRegisterResponse> response_;
  // Rows of this pass that are not decided, and one for the pass itself.
  std::atomic<int> outstanding_ = 0;
  // Comparison keys of the models and batches among this pass's rows that are not refused so far.
  absl::flat_hash_set<std::string> undecided_;
  std::vector<int> waiting_;
  bool saw_earlier_messages_ = false;
};

}  // namespace gusu::server
