// A batch: rows registered all or none, in one change set.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/registration.h"
#include "server/registry.h"
#include "server/submission.h"

namespace gusu::server {

class BatchRegistration : public std::enable_shared_from_this<BatchRegistration> {
 public:
  // `request` stays as it is until `done` was called.
  BatchRegistration(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                    const v1::BatchRegisterRequest* request, Done<v1::BatchRegisterResponse> done);
  ~BatchRegistration();

  // Prepares every row and appends those that are not registered yet.
  void Submit();

 private:
  absl::Status Prepare(Registrations& registrations);
  absl::Status AnswerExisting(const storage::View& view);
  void Append(const Registrations& registrations);
  void OnOutcome(const Quotas& quotas, storage::AppendOutcome outcome);
  void AnswerAppended(const storage::Appended& appended);
  absl::Status AnswerRepeated(const storage::View& view, const storage::Receipt& first,
                              size_t change_count);
  bool AnswerIfKnown(const storage::View& view, const Registrations& registrations);
  void Finish(absl::Status status);

  storage::Ledger* ledger_;
  std::shared_ptr<const Actor> actor_;
  const v1::BatchRegisterRequest* request_;
  Done<v1::BatchRegisterResponse> done_;
  int resubmissions_ = 0;
  // Of the attempt under way.
  std::vector<Registration> registrations_;
  std::vector<int> appended_rows_;  // rows that become changes, in order
  std::unique_ptr<v1::BatchRegisterResponse> response_;
};

}  // namespace gusu::server
