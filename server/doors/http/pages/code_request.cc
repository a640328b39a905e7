#include "server/doors/http/pages/code_request.h"

#include <google/protobuf/util/time_util.h>

#include <vector>

#include "absl/time/time.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/pasted_code.h"
#include "proto/text.h"
#include "server/doors/http/accept.h"
#include "server/doors/http/time_text.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

constexpr size_t kDayCharacters = 10;

}  // namespace

absl::StatusOr<CodeFormat> FormatOf(const HttpCall& call) {
  if (const auto asked = call.target.Parameter("format")) {
    if (*asked == "page") return CodeFormat::kPage;
    if (*asked == "json") return CodeFormat::kJson;
    if (*asked == "linkset") return CodeFormat::kLinkset;
    if (*asked == "proof") return CodeFormat::kProof;
    return FieldInvalid("format", Quote(*asked), "it must be page, json, linkset or proof");
  }
  const std::vector<std::string_view> offered = {"text/html", kJsonType, kLinksetType};
  const std::string_view accept = call.request->Header("Accept");
  const std::optional<size_t> chosen = ChooseMediaType(accept, offered);
  if (!chosen) {
    return Error(absl::StatusCode::kInvalidArgument, "NOT_ACCEPTABLE",
                 Concat("Accept takes none of text/html, ", kJsonType, ", ", kLinksetType),
                 {{"accept", Quote(accept)}});
  }
  constexpr CodeFormat kFormats[] = {CodeFormat::kPage, CodeFormat::kJson, CodeFormat::kLinkset};
  return kFormats[*chosen];
}

absl::Status ReadAsOf(const HttpTarget& target, v1::ResolveOptions* options) {
  const auto asked = target.Parameter("as_of");
  if (!asked || asked->empty()) return absl::OkStatus();
  if (asked->size() == kDayCharacters) {
    options->set_as_of_date(std::string(*asked));
    return absl::OkStatus();
  }
  const std::optional<absl::Time> time = ParseTimeText(*asked);
  if (!time || *time < absl::UnixEpoch()) {
    return FieldInvalid("as_of", Quote(*asked),
                        "it must be a day, YYYY-MM-DD, or a time, 2026-03-01T08:00:00Z");
  }
  *options->mutable_as_of_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(*time));
  return absl::OkStatus();
}

absl::StatusOr<AskedCode> ReadCode(std::string_view text, std::string_view public_url) {
  absl::StatusOr<Identifier> as_asked = Identifier::Parse(text);
  if (as_asked.ok()) return AskedCode{*std::move(as_asked), ""};
  const std::string pasted = PastedCode(text, public_url);
  if (pasted == text) return std::move(as_asked).status();
  absl::StatusOr<Identifier> identifier = Identifier::Parse(pasted);
  if (!identifier.ok()) return std::move(identifier).status();
  return AskedCode{*std::move(identifier), pasted};
}

}  // namespace gusu::server
