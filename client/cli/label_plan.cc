#include "client/cli/label_plan.h"

#include <utility>

#include "absl/status/statusor.h"

namespace gusu::cli {
namespace {

constexpr uint64_t kLabelsMax = 1'000'000;
constexpr uint64_t kLabelsOfPdfMax = 100'000;
constexpr int kZplDpiDefault = 203;
constexpr int kPngDpiDefault = 300;

template <typename T>
MaybeFailure Take(absl::StatusOr<T> parsed, T* target) {
  if (!parsed.ok()) return ToFailure(parsed.status());
  *target = *std::move(parsed);
  return std::nullopt;
}

MaybeFailure PlanFormat(const LabelCommandOptions& options, LabelPlan* plan) {
  const size_t point = options.out.rfind('.');
  const std::string ending = point == std::string::npos ? "" : options.out.substr(point + 1);
  const auto format = ToLabelFormat(options.format.empty() ? ending : options.format);
  if (!format) {
    return UsageFailure(options.format.empty() ? "which format?"
                                               : "'" + options.format + "' is no format of labels",
                        "--format zpl, svg, pdf or png");
  }
  LabelOutputOptions& output = plan->output;
  output.format = *format;
  output.path = options.out;
  output.is_single = options.codes.size() == 1 && options.file.empty();
  const bool has_dots = *format == LabelFormat::kZpl || *format == LabelFormat::kPng;
  if (has_dots) output.dpi = *format == LabelFormat::kZpl ? kZplDpiDefault : kPngDpiDefault;
  if (options.dpi.empty()) return std::nullopt;
  if (!has_dots) return UsageFailure("--dpi is for zpl and png; svg and pdf have no dots");
  return Take(ParseDpi(options.dpi), &output.dpi);
}

MaybeFailure PlanSheet(const LabelCommandOptions& options, LabelPlan* plan) {
  if (plan->output.format == LabelFormat::kPdf) plan->labels_max = kLabelsOfPdfMax;
  if (options.sheet.empty()) return std::nullopt;
  if (plan->output.format != LabelFormat::kPdf) return UsageFailure("sheets are for --format pdf");
  LabelPdf::Sheet sheet;
  if (MaybeFailure failure = Take(ParseSheetSize(options.sheet), &sheet.size)) return failure;
  if (MaybeFailure failure = Take(ParseMillimetres("margin", options.margin), &sheet.margin_mm)) {
    return failure;
  }
  if (MaybeFailure failure = Take(ParseMillimetres("gap", options.gap), &sheet.gap_mm)) {
    return failure;
  }
  plan->output.sheet = sheet;
  return std::nullopt;
}

MaybeFailure PlanSources(const LabelCommandOptions& options, const LabelPlan& plan) {
  const bool has_list = options.has_list();
  const bool has_range = !options.range.empty() || !options.from.empty() || !options.to.empty();
  if (!has_list && !has_range) {
    return UsageFailure("which codes?", "gusu label 88.118.8/HP-1, --file FILE, or --range RANGE");
  }
  if (has_list && has_range) {
    return UsageFailure("codes of a range, or those that are listed: not both");
  }
  if (has_range && options.range.empty() && options.from.empty()) {
    return UsageFailure("--to needs --range or --from");
  }
  if (options.unchecked && !TypesNeeded(plan.request).empty()) {
    return UsageFailure("--unchecked does not read records, of which this label needs values",
                        "leave it out, or print the code alone: --text code");
  }
  return std::nullopt;
}

}  // namespace

OrFailure<LabelPlan> MakeLabelPlan(const LabelCommandOptions& options) {
  LabelPlan plan;
  plan.labels_max = kLabelsMax;
  if (MaybeFailure failure = PlanFormat(options, &plan)) return *failure;
  if (MaybeFailure failure =
          Take(MakeLabelRequest(options.symbol, options.payload, options.text), &plan.request)) {
    return *failure;
  }
  plan.request.options.size.emplace();
  if (MaybeFailure failure = Take(ParseLabelSize(options.size), &*plan.request.options.size)) {
    return *failure;
  }
  if (MaybeFailure failure =
          Take(ParseMillimetres("module", options.module), &plan.request.options.module_mm)) {
    return *failure;
  }
  if (MaybeFailure failure = PlanSheet(options, &plan)) return *failure;
  if (MaybeFailure failure = PlanSources(options, plan)) return *failure;
  plan.public_url = options.public_url;
  return plan;
}

}  // namespace gusu::cli
