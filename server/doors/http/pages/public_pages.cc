#include "server/doors/http/pages/public_pages.h"

#include <algorithm>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/handle/response_code.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/audit/checkpoints.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/assets.h"
#include "server/doors/http/finish.h"
#include "server/doors/http/pages/code_answer.h"
#include "server/doors/http/pages/code_page.h"
#include "server/doors/http/pages/code_request.h"
#include "server/doors/http/pages/error_page.h"
#include "server/doors/http/pages/home_page.h"
#include "server/doors/http/pages/label_answer.h"
#include "server/doors/http/pages/linkset.h"
#include "server/doors/http/pages/reader.h"
#include "server/doors/http/rest/message_json.h"
#include "server/resolver.h"
#include "storage/ledger.h"
#include "storage/registry_day.h"

namespace gusu::server {
namespace {

constexpr std::string_view kVary = "Accept, Authorization";
// A receipt ends in the checkpoint that it rests on, behind its empty line.
constexpr std::string_view kBeforeCheckpoint = "\n\n";

// Handle clients that are set to another path than /api ask here, and look for the protocol's code
// in whatever JSON they are refused with.
void AddResponseCode(const absl::Status& status, HttpResponse* response) {
  constexpr std::string_view kOpening = "{\n";
  if (!response->body.starts_with(kOpening)) return;
  const auto code = static_cast<uint32_t>(handle::ResponseCodeFor(status));
  response->body.insert(kOpening.size(), Concat(" \"responseCode\": ", code, ",\n"));
}

bool IsAsked(const HttpTarget& target, std::string_view flag) {
  const auto value = target.Parameter(flag);
  return value && *value != "0" && *value != "false";
}

// Data, the same for the same state: kept by caches that ask whether it still is.
HttpResponse DataAnswer(const HttpCall& call, int status, std::string_view type, std::string body) {
  HttpResponse response = server::Answer(status, type, std::move(body));
  response.SetHeader("ETag", EtagOf(response.body));
  response.SetHeader("Cache-Control", call.request->Header("Authorization").empty()
                                          ? "no-cache"
                                          : "private, no-cache");
  response.SetHeader("Vary", std::string(kVary));
  return response;
}

// Whether without its proof an answer might be had: what failed is not about the code.
bool MayBeTheProof(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDataLoss ||
         status.code() == absl::StatusCode::kFailedPrecondition;
}

std::string CheckpointOf(const v1::AnswerProof& proof) {
  const std::string& receipt = proof.record().tlog_proof();
  const size_t end = receipt.find(kBeforeCheckpoint);
  return end == std::string::npos ? "" : receipt.substr(end + kBeforeCheckpoint.size());
}

}  // namespace

// What all answers to one request begin with.
struct PublicPages::Asked {
  std::shared_ptr<const storage::View> view;
  Reader reader;
  std::string public_url;
};

PublicPages::PublicPages(const HttpCore* core) : core_(*core), summaries_(core->rules().ledger) {}

void PublicPages::Answer(const HttpCall& call) {
  if (call.request->method != "GET") return call.reply(MethodNotAllowed("GET, HEAD"));
  const absl::Status queued = core_.Run([this, call] { AnswerNow(call); });
  if (queued.ok()) return;
  call.reply(ErrorPage(call, ReaderOf(call, absl::UTCTimeZone()), queued, ""));
}

void PublicPages::AnswerNow(const HttpCall& call) {
  const auto view = core_.rules().ledger->Latest();
  if (!view.ok()) {
    return call.reply(ErrorPage(call, ReaderOf(call, absl::UTCTimeZone()), view.status(), ""));
  }
  const storage::Directory& directory = (*view)->directory();
  const auto* settings = directory.settings();
  const Asked asked = {*view, ReaderOf(call, storage::RegistryZone(directory)),
                       settings == nullptr ? "" : settings->row->public_url()};
  if (call.target.raw_path != "/") return Code(call, asked);
  if (const auto text = call.target.Parameter("q")) return call.reply(Search(call, asked, *text));
  call.reply(Home(call, asked));
}

HttpResponse PublicPages::Home(const HttpCall& call, const Asked& asked) {
  const auto summary = summaries_.Latest();
  if (!summary.ok()) return ErrorPage(call, asked.reader, summary.status(), "");
  const auto checkpoint = core_.rules().checkpoints->Published();
  return HomePage(call, asked.reader, **summary, checkpoint.get());
}

HttpResponse PublicPages::Search(const HttpCall& call, const Asked& asked,
                                 std::string_view text) const {
  const absl::StatusOr<AskedCode> code = ReadCode(text, asked.public_url);
  if (!code.ok()) return ErrorPage(call, asked.reader, code.status(), text);
  return RedirectAnswer(asked.reader.CodeUrl(code->identifier.written()).text());
}

void PublicPages::Code(const HttpCall& call, const Asked& asked) const {
  const bool is_label = call.target.Parameter("label").has_value();
  absl::StatusOr<CodeFormat> format = is_label ? CodeFormat::kJson : FormatOf(call);
  // Of what went wrong a program is told as a program, and whoever takes anything by a page.
  const auto fail = [&](const absl::Status& status, std::string_view code) {
    HttpResponse response = format.ok() && *format != CodeFormat::kPage
                                ? StatusAnswer(call.request->target, status)
                                : ErrorPage(call, asked.reader, status, code);
    if (ErrorReason(status) == "NOT_ACCEPTABLE") response.status = 406;
    if (format.ok() && *format == CodeFormat::kJson) AddResponseCode(status, &response);
    call.reply(std::move(response));
  };
  const absl::StatusOr<std::string> path = call.target.DecodedPath();
  if (!path.ok()) return fail(path.status(), "");
  if (!format.ok()) return fail(format.status(), *path);
  const absl::StatusOr<AskedCode> code = ReadCode(*path, asked.public_url);
  if (!code.ok()) return fail(code.status(), *path);
  if (!code->written.empty()) {
    HtmlUrl location = CodePath(code->written);
    for (const auto& [name, value] : call.target.query) location = location.With(name, value);
    return call.reply(RedirectAnswer(location.text()));
  }
  if (is_label) return AnswerLabel(core_, call, code->identifier.written());
  const absl::Status status = AnswerCode(call, asked, code->identifier, *format);
  if (!status.ok()) fail(status, code->identifier.written());
}

absl::Status PublicPages::AnswerCode(const HttpCall& call, const Asked& asked,
                                     const Identifier& identifier, CodeFormat format) const {
  GUSU_ASSIGN_OR_RETURN(const Caller caller, core_.Authenticated(*call.request));
  GUSU_RETURN_IF_ERROR(core_.Admit(Method::kResolve, caller, 1));
  const bool is_redirect = IsAsked(call.target, "redirect");
  CodeAnswer answer;
  v1::ResolveRequest request;
  request.set_identifier(identifier.written());
  GUSU_RETURN_IF_ERROR(ReadAsOf(call.target, request.mutable_options()));
  answer.is_as_of = request.options().as_of_case() != v1::ResolveOptions::AS_OF_NOT_SET;
  request.mutable_options()->set_include_proof(format == CodeFormat::kProof ||
                                               (format == CodeFormat::kPage && !is_redirect));
  auto response = std::make_shared<v1::ResolveResponse>();
  absl::Status resolved = core_.rules().resolver->Resolve(request, caller, response.get());
  if (!resolved.ok() && format == CodeFormat::kPage && request.options().include_proof() &&
      MayBeTheProof(resolved)) {
    response->Clear();
    request.mutable_options()->set_include_proof(false);
    resolved = core_.rules().resolver->Resolve(request, caller, response.get());
  }
  GUSU_RETURN_IF_ERROR(resolved);
  answer.response = response;
  if (is_redirect && answer.response->record().state() == v1::Record::ACTIVE) {
    const std::string target = RedirectTargetOf(answer.response->record());
    if (!target.empty()) {
      call.reply(RedirectAnswer(target, 302));
      return absl::OkStatus();
    }
  }
  const storage::Directory& directory = asked.view->directory();
  answer.attributes =
      ValueAttributes(*asked.view, answer.response->record(), answer.response->read_revision());
  if (format != CodeFormat::kPage) {
    return AnswerData(call, asked, identifier, format, answer);
  }
  if (answer.response->has_record()) {
    GUSU_ASSIGN_OR_RETURN(answer.history, ReadCodeHistory(*asked.view, identifier, caller,
                                                          std::min(answer.response->read_revision(),
                                                                   asked.view->last_revision()),
                                                          kHistoryChangesMax));
    if (auto issuer = PublicRegistrant(directory, answer.response->record().issued_by())) {
      answer.issuer = std::make_shared<const v1::Registrant>(*std::move(issuer));
    }
  }
  answer.checkpoint = CheckpointOf(answer.response->proof());
  answer.has_public_url = !asked.public_url.empty();
  const Words note = {"该编码没有可以转到的地址，以下是其登记内容。",
                      "There is no address to go on to; this is what is registered."};
  call.reply(CodePage(call, asked.reader, identifier, answer,
                      is_redirect ? asked.reader.In(note) : std::string_view()));
  return absl::OkStatus();
}

absl::Status PublicPages::AnswerData(const HttpCall& call, const Asked& asked,
                                     const Identifier& identifier, CodeFormat format,
                                     const CodeAnswer& answer) const {
  const int status = CodeStatus(answer);
  if (format == CodeFormat::kJson) {
    GUSU_ASSIGN_OR_RETURN(const std::string json, ToJson(*answer.response));
    call.reply(DataAnswer(call, status, kJsonType, json + "\n"));
    return absl::OkStatus();
  }
  if (format == CodeFormat::kLinkset) {
    v1::Record record = answer.response->record();
    record.set_identifier(identifier.written());
    call.reply(DataAnswer(call, status, kLinksetType,
                          LinksetOf(record, answer.attributes, asked.public_url)));
    return absl::OkStatus();
  }
  if (!answer.response->has_proof()) {
    return Error(absl::StatusCode::kFailedPrecondition, "PREFIX_DELEGATED",
                 Concat("codes of ", answer.response->referral().prefix(),
                        " are resolved and proven by other servers"),
                 {{"prefix", answer.response->referral().prefix()}});
  }
  // A proof is a proof, whatever state it shows.
  GUSU_ASSIGN_OR_RETURN(const std::string json, ToJson(answer.response->proof()));
  HttpResponse proof = JsonAnswer(200, json + "\n");
  proof.SetHeader("Content-Disposition", "attachment; filename=\"proof.json\"");
  call.reply(std::move(proof));
  return absl::OkStatus();
}

void AssetFiles::Answer(const HttpCall& call) {
  if (call.request->method != "GET") return call.reply(MethodNotAllowed("GET, HEAD"));
  const bool is_file = call.target.segments.size() == 2;
  const Asset* asset = is_file ? FindAsset(call.target.segments[1]) : nullptr;
  if (asset == nullptr) return call.reply(TextAnswer(404, "there is no such file\n"));
  HttpResponse response = server::Answer(200, asset->content_type, std::string(asset->content));
  response.SetHeader("ETag", Concat("\"", asset->hash, "\""));
  const bool is_forever = call.target.Parameter("v") == asset->hash;
  response.SetHeader("Cache-Control",
                     is_forever ? "public, max-age=31536000, immutable" : "public, no-cache");
  call.reply(std::move(response));
}

}  // namespace gusu::server
