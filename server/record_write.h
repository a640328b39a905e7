// A verb on one record on its way to the ledger.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "server/record_verb.h"
#include "server/registry.h"
#include "server/submission.h"
#include "server/value_selection.h"

namespace gusu::server {

// What a request asks for, without its form.
struct RecordRequest {
  Operation operation;
  Identifier identifier;
  std::string etag;  // empty: whatever the record is
  std::string request_id;
  Hash digest;         // of the request, when it has an id
  std::string reason;  // for the log
  std::optional<uint64_t> effective_time_us;
  std::function<absl::Status(const RecordUnderChange&)> apply;
};

class RecordWrite : public std::enable_shared_from_this<RecordWrite> {
 public:
  RecordWrite(storage::Ledger* ledger, std::shared_ptr<const Actor> actor, RecordRequest request,
              Done<v1::RecordResponse> done);
  ~RecordWrite();

  void Submit();

 private:
  // True when the request was made before, and answered.
  absl::StatusOr<bool> AnswerRepeat(const storage::View& view);
  absl::Status Attempt(const storage::View& view);
  absl::Status CheckEtag(uint64_t revision) const;
  void Append(storage::ChangeSet set);
  void OnOutcome(storage::AppendOutcome outcome);
  void AnswerAsOf(const storage::View& view, const storage::Receipt& receipt);
  // What may be read of the record by whoever it is written for.
  ReadRight RightTo(const storage::View& view, const storage::v1::RecordRow& record) const;
  // `prefix_holder` as of the receipt.
  void Answer(const storage::v1::RecordRow& record, const std::string& prefix_holder,
              const ReadRight& right, const storage::Receipt& receipt);

  storage::Ledger* ledger_;
  std::shared_ptr<const Actor> actor_;
  RecordRequest request_;
  Done<v1::RecordResponse> done_;
  std::string key_;
  int resubmissions_ = 0;
  std::unique_ptr<storage::v1::RecordRow> record_;  // as the attempt under way makes it
  std::string prefix_holder_;                       // as it found it
  std::optional<ReadRight> right_;
};

}  // namespace gusu::server
