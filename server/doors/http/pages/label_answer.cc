#include "server/doors/http/pages/label_answer.h"

#include <algorithm>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/label/label_request.h"
#include "proto/label/png.h"
#include "proto/label/svg.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/core.h"
#include "server/doors/http/finish.h"
#include "server/resolver.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

constexpr int kPngDpiDefault = 300;
// A picture takes about as long to make as so many codes take to resolve, and so many of its dots
// as one.
constexpr size_t kCost = 50;
constexpr size_t kDotsPerCost = 2000;

absl::Status ParameterInvalid(std::string_view field, std::string_view value,
                              std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat(field, " \"", Quote(value), "\" ", what),
               {{"field", std::string(field)}, {"value", Quote(value)}});
}

struct Picture {
  bool is_png = false;
  int dpi = 0;  // 0: without dots
  LabelRequest request;
};

absl::StatusOr<std::string_view> OnlyParameter(const HttpTarget& target, std::string_view name) {
  const std::vector<std::string_view> all = target.Parameters(name);
  if (all.size() > 1) return ParameterInvalid(name, all[1], "is given a second time");
  return all.empty() ? std::string_view() : all.front();
}

absl::StatusOr<Picture> ReadPicture(const HttpTarget& target) {
  Picture picture;
  GUSU_ASSIGN_OR_RETURN(const std::string_view format, OnlyParameter(target, "label"));
  picture.is_png = format == "png";
  if (!picture.is_png && format != "svg") {
    return ParameterInvalid("label", format, "is not svg or png");
  }
  GUSU_ASSIGN_OR_RETURN(const std::string_view symbol, OnlyParameter(target, "symbol"));
  GUSU_ASSIGN_OR_RETURN(const std::string_view payload, OnlyParameter(target, "payload"));
  GUSU_ASSIGN_OR_RETURN(const std::string_view text, OnlyParameter(target, "text"));
  GUSU_ASSIGN_OR_RETURN(picture.request, MakeLabelRequest(symbol, payload, text));
  LabelOptions& options = picture.request.options;
  GUSU_ASSIGN_OR_RETURN(const std::string_view size, OnlyParameter(target, "size"));
  if (!size.empty()) {
    GUSU_ASSIGN_OR_RETURN(options.size, ParseLabelSize(size));
  }
  GUSU_ASSIGN_OR_RETURN(const std::string_view module, OnlyParameter(target, "module"));
  if (!module.empty()) {
    GUSU_ASSIGN_OR_RETURN(options.module_mm, ParseMillimetres("module", module));
  }
  GUSU_ASSIGN_OR_RETURN(const std::string_view dpi, OnlyParameter(target, "dpi"));
  if (!picture.is_png && !dpi.empty()) {
    return ParameterInvalid("dpi", dpi, "is of a png; an svg has no dots");
  }
  if (picture.is_png) picture.dpi = kPngDpiDefault;
  if (!dpi.empty()) {
    GUSU_ASSIGN_OR_RETURN(picture.dpi, ParseDpi(dpi));
  }
  return picture;
}

LabelSubject SubjectOf(const v1::Record& record) {
  LabelSubject subject;
  subject.identifier = record.identifier();
  if (record.level() == v1::Record::MODEL) subject.level = Gs1Level::kModel;
  if (record.level() == v1::Record::BATCH) subject.level = Gs1Level::kBatch;
  for (const v1::Value& value : record.values()) {
    if (!value.is_digest()) subject.values.emplace_back(value.type(), value.data());
  }
  return subject;
}

absl::StatusOr<LabelSubject> ReadSubject(const HttpCore& core, const Caller& caller,
                                         const std::string& identifier, const LabelRequest& asked) {
  v1::ResolveRequest request;
  request.set_identifier(identifier);
  for (const std::string& type : TypesNeeded(asked)) request.mutable_options()->add_types(type);
  v1::ResolveResponse response;
  GUSU_RETURN_IF_ERROR(core.rules().resolver->Resolve(request, caller, &response));
  if (!response.has_record()) {
    const std::string& prefix = response.referral().prefix();
    return Error(
        absl::StatusCode::kFailedPrecondition, "PREFIX_DELEGATED",
        Concat("codes of ", prefix, " are resolved by other servers, which have their ", "labels"),
        {{"prefix", prefix}});
  }
  return SubjectOf(response.record());
}

absl::StatusOr<std::string> PublicUrl(const HttpCore& core) {
  GUSU_ASSIGN_OR_RETURN(const auto view, core.rules().ledger->Latest());
  const auto* settings = view->directory().settings();
  return settings == nullptr ? std::string() : settings->row->public_url();
}

absl::StatusOr<std::string> Draw(const HttpCore& core, const HttpCall& call,
                                 const std::string& identifier, const Picture& picture) {
  GUSU_ASSIGN_OR_RETURN(const Caller caller, core.Authenticated(*call.request));
  GUSU_RETURN_IF_ERROR(core.Admit(Method::kResolve, caller, kCost));
  GUSU_ASSIGN_OR_RETURN(const LabelSubject subject,
                        ReadSubject(core, caller, identifier, picture.request));
  GUSU_ASSIGN_OR_RETURN(const std::string public_url, PublicUrl(core));
  GUSU_ASSIGN_OR_RETURN(const LabelContent content,
                        MakeLabelContent(picture.request, subject, public_url));
  GUSU_ASSIGN_OR_RETURN(const Label label,
                        LayOutLabel(content, picture.request.options, picture.dpi));
  if (!picture.is_png) return ToSvg(label);
  const size_t dots_count = std::min(DotsCount(label, picture.dpi), LabelImage::kDotsMax);
  const size_t cost = std::max(dots_count / kDotsPerCost, kCost);
  GUSU_RETURN_IF_ERROR(core.Admit(Method::kResolve, caller, cost - kCost));
  GUSU_ASSIGN_OR_RETURN(const LabelImage image, ToImage(label, picture.dpi));
  return ToPng(image, picture.dpi);
}

}  // namespace

void AnswerLabel(const HttpCore& core, const HttpCall& call, const std::string& identifier) {
  const std::string& path = call.target.raw_path;
  const absl::StatusOr<Picture> picture = ReadPicture(call.target);
  if (!picture.ok()) return call.reply(StatusAnswer(path, picture.status()));
  absl::StatusOr<std::string> drawn = Draw(core, call, identifier, *picture);
  if (!drawn.ok()) return call.reply(StatusAnswer(path, drawn.status()));
  HttpResponse response =
      Answer(200, picture->is_png ? "image/png" : "image/svg+xml", *std::move(drawn));
  response.SetHeader("ETag", EtagOf(response.body));
  response.SetHeader("Cache-Control", call.request->Header("Authorization").empty()
                                          ? "no-cache"
                                          : "private, no-cache");
  response.SetHeader("Vary", "Authorization");
  call.reply(std::move(response));
}

}  // namespace gusu::server
