// Makes labels one after another until one fails, and keeps account.
#pragma once

#include <cstdint>
#include <string>

#include "client/cli/label_plan.h"
#include "client/cli/session.h"

namespace gusu::cli {

class LabelPrinting {
 public:
  // None is owned, all outlive it.
  LabelPrinting(Session& session, const LabelPlan& plan, LabelOutput* output)
      : session_(session), plan_(plan), output_(output) {}

  // Nothing more is to be printed: `failure` says why.
  bool is_over() const { return failure_.has_value(); }
  const MaybeFailure& failure() const { return failure_; }

  void Print(const LabelSubject& subject);
  // What was resolved: a code that there is none of is told of and left out; where it is the only
  // one, the job is over.
  void Print(const ResolveOutcome& outcome);
  void Stop(Failure failure) { failure_ = std::move(failure); }

  // At the end of a job that is not over. Fails when nothing was printed, or codes were left out.
  MaybeFailure Conclude();

 private:
  void Skip(const std::string& identifier, const std::string& reason, const std::string& message);
  void Tell(const std::string& text);
  void TellUntold();
  void Summarize();

  Session& session_;
  const LabelPlan& plan_;
  LabelOutput* const output_;
  MaybeFailure failure_;
  uint64_t labels_count_ = 0;
  uint64_t skipped_count_ = 0;
  uint64_t told_count_ = 0;
  double module_mm_ = 0;  // of the last label
};

}  // namespace gusu::cli
