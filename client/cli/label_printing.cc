#include "client/cli/label_printing.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "client/cli/progress.h"
#include "client/cli/text_width.h"

namespace gusu::cli {
namespace {

constexpr size_t kToldMax = 20;  // codes that are told of one by one

LabelSubject SubjectOf(const Record& record) {
  LabelSubject subject;
  subject.identifier = record.identifier;
  if (record.level == Level::kModel) subject.level = Gs1Level::kModel;
  if (record.level == Level::kBatch) subject.level = Gs1Level::kBatch;
  for (const Value& value : record.values) {
    if (!value.is_digest) subject.values.emplace_back(value.type, value.data);
  }
  return subject;
}

// Whether there is no such code for the caller; not that it could not be looked for.
bool SaysNone(const Status& status) {
  return status.code == StatusCode::kNotFound || status.code == StatusCode::kInvalidArgument ||
         status.code == StatusCode::kPermissionDenied;
}

}  // namespace

void LabelPrinting::Print(const LabelSubject& subject) {
  if (is_over()) return;
  if (labels_count_ == plan_.labels_max) {
    return Stop(UsageFailure("more than " + WithThousands(plan_.labels_max) + " labels",
                             "print them in parts"));
  }
  const auto content = MakeLabelContent(plan_.request, subject, plan_.public_url);
  if (!content.ok()) return Stop(ToFailure(content.status()));
  const auto label = LayOutLabel(*content, plan_.request.options, plan_.output.dpi);
  if (!label.ok()) return Stop(ToFailure(label.status()));
  if (MaybeFailure failure = output_->Write(*label)) return Stop(*std::move(failure));
  ++labels_count_;
  module_mm_ = label->module_mm;
}

void LabelPrinting::Print(const ResolveOutcome& outcome) {
  if (is_over()) return;
  if (!outcome.answer.ok()) {
    const Failure failure = session_.FailureOf(outcome.answer.status());
    if (plan_.output.is_single || !SaysNone(outcome.answer.status())) return Stop(failure);
    return Skip(outcome.identifier, failure.reason, failure.message);
  }
  if (outcome.answer->referral) {
    const std::string why =
        "codes of " + outcome.answer->referral->prefix + " are resolved by other servers";
    if (plan_.output.is_single) {
      return Stop(
          {ExitCode::kRefused, "PREFIX_DELEGATED", why, "--unchecked prints it all the same"});
    }
    return Skip(outcome.identifier, "PREFIX_DELEGATED", why);
  }
  const Record& record = outcome.answer->record;
  if (record.state == State::kRetired) Tell(record.identifier + " is RETIRED");
  Print(SubjectOf(record));
}

MaybeFailure LabelPrinting::Conclude() {
  if (labels_count_ == 0) {
    if (skipped_count_ == 0) return UsageFailure("there are no codes");
    TellUntold();
    return Failure{ExitCode::kNotFound, "IDENTIFIER_NOT_FOUND",
                   "none of the codes resolves: nothing was printed", ""};
  }
  if (MaybeFailure failure = output_->Finish()) return failure;
  Summarize();
  return skipped_count_ == 0 ? MaybeFailure() : ToldFailure(ExitCode::kNegative);
}

void LabelPrinting::Skip(const std::string& identifier, const std::string& reason,
                         const std::string& message) {
  ++skipped_count_;
  Tell("no label for " + identifier + ": " + reason + ": " + message);
}

void LabelPrinting::Tell(const std::string& text) {
  if (++told_count_ <= kToldMax) session_.err() << Printable(text) << '\n';
}

void LabelPrinting::TellUntold() {
  if (told_count_ > kToldMax) {
    session_.err() << "and " << WithThousands(told_count_ - kToldMax) << " more such lines\n";
  }
}

void LabelPrinting::Summarize() {
  TellUntold();
  // Labels on standard output are alone there.
  const bool is_standard = plan_.output.path == "-";
  if (session_.json()) {
    if (is_standard) return;
    session_.out() << nlohmann::ordered_json{{"labels", labels_count_},
                                             {"skipped", skipped_count_},
                                             {"module_mm", module_mm_},
                                             {"out", plan_.output.path}}
                          .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                   << '\n';
    return;
  }
  std::ostream& out = is_standard ? session_.err() : session_.out();
  out << WithThousands(labels_count_) << (labels_count_ == 1 ? " label of " : " labels of ")
      << ToText(*plan_.request.options.size) << ", modules of " << ToMillimetreText(module_mm_);
  if (!is_standard) out << ", in " << plan_.output.path;
  if (skipped_count_ > 0) out << "; " << WithThousands(skipped_count_) << " codes have none";
  out << '\n';
}

}  // namespace gusu::cli
