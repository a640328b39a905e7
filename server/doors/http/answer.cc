#include "server/doors/http/answer.h"

#include <google/protobuf/util/json_util.h>

#include <charconv>

#include "google/rpc/status.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/log.h"

namespace gusu::server {
namespace {

constexpr std::string_view kJson = "application/json";

std::string JsonOf(const absl::Status& status) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  const google::rpc::Status wire = ToRpcStatus(status);
  if (google::protobuf::util::MessageToJsonString(wire, &json, options).ok()) return json;
  // A detail of a type that this program does not know.
  google::rpc::Status bare;
  bare.set_code(wire.code());
  bare.set_message(wire.message());
  return google::protobuf::util::MessageToJsonString(bare, &json, options).ok() ? json : "{}\n";
}

}  // namespace

HttpResponse Answer(int status, std::string_view content_type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", std::string(content_type)});
  response.body = std::move(body);
  return response;
}

HttpResponse JsonAnswer(int status, std::string body) {
  return Answer(status, kJson, std::move(body));
}

HttpResponse TextAnswer(int status, std::string body) {
  return Answer(status, "text/plain; charset=utf-8", std::move(body));
}

HttpResponse RedirectAnswer(std::string_view location, int status) {
  HttpResponse response;
  response.status = status;
  response.headers.push_back({"Location", std::string(location)});
  return response;
}

int HttpStatusOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

absl::Status ToldStatus(std::string_view where, const absl::Status& status) {
  if (status.ok() || !ErrorReason(status).empty()) return status;
  Log(LogLevel::kError, "call_failed",
      {{"door", "http"}, {"method", where}, {"status", status.ToString()}});
  return Error(absl::StatusCode::kInternal, "INTERNAL",
               "the server failed to answer; its log tells why");
}

HttpResponse StatusAnswer(std::string_view where, const absl::Status& status) {
  const absl::Status told = ToldStatus(where, status);
  if (IsLogged(LogLevel::kDebug)) {
    Log(LogLevel::kDebug, "call_refused",
        {{"door", "http"}, {"method", where}, {"reason", ErrorReason(told)}});
  }
  HttpResponse response = JsonAnswer(HttpStatusOf(told), JsonOf(told));
  const std::string wait = ErrorMetadataValue(told, "retry_after_ms");
  int64_t wait_ms = 0;
  if (std::from_chars(wait.data(), wait.data() + wait.size(), wait_ms).ec == std::errc() &&
      wait_ms > 0) {
    response.SetHeader("Retry-After", std::to_string((wait_ms + 999) / 1000));
  }
  if (response.status == 401) response.SetHeader("WWW-Authenticate", "Bearer realm=\"gusu\"");
  return response;
}

HttpResponse NothingHere() { return TextAnswer(404, "there is nothing at this path\n"); }

HttpResponse MethodNotAllowed(std::string_view allowed) {
  HttpResponse response =
      TextAnswer(405, Concat("this path takes no such method, but: ", allowed, "\n"));
  response.SetHeader("Allow", std::string(allowed));
  return response;
}

}  // namespace gusu::server
