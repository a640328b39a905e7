#include "server/doors/http/handle_api/reply.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "proto/base64.h"
#include "proto/handle/response_code.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/core.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/doors/http/handle_api/parameters.h"
#include "server/doors/http/handle_api/sessions.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;
using Json = nlohmann::ordered_json;

constexpr char kContentType[] = "application/json; charset=utf-8";
constexpr char kScriptType[] = "application/javascript; charset=utf-8";
constexpr int kPrettyIndent = 2;

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

// Names with "." between them.
bool IsFunctionName(std::string_view text) {
  if (text.size() > ApiReply::kCallbackBytesMax) return false;
  bool at_start = true;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (at_start ? !IsNameStart(c) : !IsNameStart(c) && !is_digit && c != '.') return false;
    at_start = c == '.';
  }
  return !at_start;
}

}  // namespace

int HttpStatusOfCode(ResponseCode code) {
  switch (code) {
    case ResponseCode::kSuccess:
      return 200;
    case ResponseCode::kServerTooBusy:
    case ResponseCode::kServerReadOnly:
      return 503;
    case ResponseCode::kOperationNotSupported:
      return 501;
    case ResponseCode::kHandleNotFound:
      return 404;
    case ResponseCode::kHandleAlreadyExists:
    case ResponseCode::kValueAlreadyExists:
      return 409;
    case ResponseCode::kServiceReferral:
    case ResponseCode::kPrefixReferral:
      return 300;
    case ResponseCode::kInvalidAdmin:
    case ResponseCode::kInsufficientPermissions:
    case ResponseCode::kAuthenticationFailed:
    case ResponseCode::kInvalidCredential:
      return 403;
    case ResponseCode::kAuthenticationNeeded:
    case ResponseCode::kSessionTimeout:
      return 401;
    case ResponseCode::kProtocolError:
    case ResponseCode::kInvalidHandle:
    case ResponseCode::kValuesNotFound:
    case ResponseCode::kInvalidValue:
    case ResponseCode::kServerNotResponsible:
      return 400;
    default:
      return 500;
  }
}

ApiReply::ApiReply(HttpCall call, std::shared_ptr<const ApiSessions> sessions)
    : call_(std::move(call)), sessions_(std::move(sessions)) {}

void ApiReply::About(std::string member, std::string text) {
  about_member_ = std::move(member);
  about_ = std::move(text);
}

absl::Status ApiReply::Format(const ApiParameters& parameters) {
  GUSU_ASSIGN_OR_RETURN(pretty_, parameters.Flag("pretty", false));
  const auto callback = parameters.Text("callback");
  if (!callback.has_value()) return absl::OkStatus();
  if (!IsFunctionName(*callback)) {
    return ApiMalformed("callback", Concat(Quote(*callback), " is no name of a function"));
  }
  if (call_.request->HeaderCount("Authorization") > 0) {
    return ApiMalformed("callback",
                        "does not go with Authorization: it is for what anybody may read");
  }
  callback_ = *callback;
  return absl::OkStatus();
}

void ApiReply::Answer(const Json& members, int http_status) const {
  Json json = {{"responseCode", static_cast<uint32_t>(ResponseCode::kSuccess)}};
  if (!about_member_.empty()) json[about_member_] = about_;
  json.update(members);
  Send(json, http_status, {});
}

void ApiReply::AnswerBare(const Json& members, int http_status,
                          std::vector<HttpHeader> headers) const {
  Send(members, http_status, std::move(headers));
}

void ApiReply::Refuse(const absl::Status& status) const {
  const absl::Status told = ToldStatus(call_.request->target, status);
  const ResponseCode code = handle::ResponseCodeFor(told);
  if (code == ResponseCode::kHandleNotFound) return Refuse(code, {});
  const HttpResponse plain = StatusAnswer(call_.request->target, told);
  Refuse(code, HttpStatusOfCode(code), StdView(told.message()), Json::object(),
         std::string(plain.Header("Retry-After")));
}

void ApiReply::Refuse(ResponseCode code, std::string_view text) const {
  Refuse(code, HttpStatusOfCode(code), text, Json::object());
}

void ApiReply::Refuse(ResponseCode code, int http_status, std::string_view text,
                      const Json& members) const {
  Refuse(code, http_status, text, members, {});
}

void ApiReply::Refuse(ResponseCode code, int http_status, std::string_view text,
                      const Json& members, std::string retry_after_s) const {
  Json json = {{"responseCode", static_cast<uint32_t>(code)}};
  if (!about_member_.empty()) json[about_member_] = about_;
  if (!text.empty()) json["message"] = std::string(text);
  json.update(members);
  std::vector<HttpHeader> headers;
  if (http_status == 401) {
    // Who could not say who he is over this connection is not asked to.
    if (HttpCore::CheckMaySendSecret(*call_.request).ok()) {
      headers = ChallengeHeaders();
    } else {
      http_status = 403;
    }
  }
  if (http_status == 503) {
    headers.push_back({"Retry-After", retry_after_s.empty() ? "1" : std::move(retry_after_s)});
  }
  Send(json, http_status, std::move(headers));
}

void ApiReply::RefuseMethod(std::string_view allowed) const {
  Json json = {
      {"responseCode", static_cast<uint32_t>(ResponseCode::kOperationNotSupported)},
      {"message", Concat(Quote(call_.request->method), " is not answered here, but ", allowed)}};
  Send(json, 405, {{"Allow", std::string(allowed)}});
}

std::vector<HttpHeader> ApiReply::ChallengeHeaders() const {
  const ApiSessions::Fresh session = sessions_->New();
  return {{"WWW-Authenticate", "Basic realm=\"handle\""},
          {"WWW-Authenticate", Concat("Handle sessionId=\"", session.id, "\", nonce=\"",
                                      Base64Encode(session.nonce), "\"")}};
}

void ApiReply::Send(const Json& json, int http_status, std::vector<HttpHeader> headers) const {
  const bool is_script = !callback_.empty();
  // In a script, what JSON allows in a text may end a line: only ASCII is sent.
  std::string body =
      json.dump(pretty_ ? kPrettyIndent : -1, ' ', is_script, Json::error_handler_t::replace);
  if (is_script) body = Concat("/**/", callback_, "(", body, ");");
  if (pretty_) body += '\n';
  HttpResponse response =
      gusu::server::Answer(http_status, is_script ? kScriptType : kContentType, std::move(body));
  for (HttpHeader& header : headers) response.headers.push_back(std::move(header));
  call_.reply(std::move(response));
}

}  // namespace gusu::server
