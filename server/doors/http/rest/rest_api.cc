#include "server/doors/http/rest/rest_api.h"

#include <google/protobuf/message.h>

#include <utility>

#include "gusu/v1/audit.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/finish.h"
#include "server/doors/http/rest/message_json.h"
#include "server/doors/http/rest/message_query.h"
#include "server/doors/http/rest/methods.h"
#include "server/doors/http/rest/openapi_document.h"
#include "server/doors/http/rest/route_match.h"
#include "server/doors/http/rest/row_stream.h"
#include "server/doors/http/rest/watch_lines.h"
#include "server/doors/stream_set.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using google::protobuf::Message;

// Of a parameter's name, or of a body, in errors.
constexpr size_t kParameterBytesMax = 100;

// Headers that make a change depend on what is there.
constexpr std::string_view kConditions[] = {"If-Match", "If-None-Match", "If-Unmodified-Since"};

// Only a GET has parameters, only the others have a body, and conditions are fields: so that
// nothing that was given is passed over.
absl::Status CheckForm(const HttpCall& call, const RestRoute& route) {
  const HttpRequest& request = *call.request;
  if (route.http_method == "GET") {
    const size_t begin = request.body.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return absl::OkStatus();
    return Error(absl::StatusCode::kInvalidArgument, "BODY_MALFORMED",
                 "with GET every field is given as a parameter, and there is no body",
                 {{"octet", std::to_string(begin + 1)},
                  {"text", std::string(CutUtf8(std::string_view(request.body).substr(begin),
                                               kParameterBytesMax))}});
  }
  if (!call.target.query.empty()) {
    const auto& [name, value] = call.target.query.front();
    return FieldInvalid(CutUtf8(name, kParameterBytesMax), value,
                        Concat("with ", route.http_method, " every field is given in the body"));
  }
  for (const std::string_view name : kConditions) {
    if (request.HeaderCount(name) == 0) continue;
    return FieldInvalid(name, request.Header(name),
                        "a change is made dependent on a revision by the body's field etag");
  }
  return absl::OkStatus();
}

// Fields of a request to a route: by path and query, or by path and body.
absl::Status ReadRequest(const HttpCall& call, const RestRoute& route, const RestField& field,
                         Message* message) {
  GUSU_RETURN_IF_ERROR(CheckForm(call, route));
  GUSU_RETURN_IF_ERROR(route.http_method == "GET" ? FromQuery(call.target.query, message)
                                                  : FromJson(call.request->body, message));
  return field.name.empty() ? absl::OkStatus() : SetPathField(field.name, field.value, message);
}

HttpResponse AnswerOf(std::string_view where, const absl::StatusOr<RestMessage>& answer) {
  if (!answer.ok()) return StatusAnswer(where, answer.status());
  absl::StatusOr<std::string> json = ToJson(**answer);
  return json.ok() ? JsonAnswer(200, *std::move(json)) : StatusAnswer(where, json.status());
}

absl::Status PathNotFound(const HttpCall& call) {
  return Error(absl::StatusCode::kNotFound, "PATH_NOT_FOUND",
               Concat("there is no method of the API at ", Quote(call.target.raw_path)),
               {{"path", call.target.raw_path}});
}

HttpResponse OtherMethods(const HttpCall& call, const std::string& allowed) {
  HttpResponse response =
      StatusAnswer(call.target.raw_path,
                   Error(absl::StatusCode::kInvalidArgument, "METHOD_NOT_ALLOWED",
                         Concat("the path takes ", allowed, ", not ", Quote(call.request->method)),
                         {{"method", call.request->method}, {"allowed", allowed}}));
  response.status = 405;
  response.SetHeader("Allow", allowed);
  return response;
}

}  // namespace

struct RestApi::Request {
  const HttpCall& call;
  const RestRoute& route;
  RestField field;
  std::string_view method_name() const { return MethodName(route.method); }
};

RestApi::RestApi(const HttpCore* core)
    : core_(core),
      streams_(std::make_shared<StreamSet>()),
      clock_(std::make_unique<WatchClock>(core->rules().audit)) {}

RestApi::~RestApi() { streams_->DrainAll(); }

void RestApi::Drain() { streams_->DrainAll(); }

void RestApi::Answer(const HttpCall& call) {
  auto match = FindRoute(call.request->method, call.target.segments);
  if (!match.ok()) return call.reply(StatusAnswer(call.target.raw_path, match.status()));
  if (match->route == nullptr) {
    return call.reply(match->allowed.empty()
                          ? StatusAnswer(call.target.raw_path, PathNotFound(call))
                          : OtherMethods(call, match->allowed));
  }
  const Request request{call, *match->route, std::move(match->field)};
  switch (request.route.form) {
    case RestForm::kUnary:
      return AnswerUnary(request);
    case RestForm::kRows:
      return AnswerRows(request);
    case RestForm::kWatch:
      return AnswerWatch(request);
  }
}

// Who may not call the method at all is told before the body is looked at.
void RestApi::AnswerUnary(const Request& request) {
  const RestMethod& rule = *FindRestMethod(request.route.method);
  auto caller = core_->Authenticated(*request.call.request);
  absl::Status status = caller.status();
  if (status.ok()) status = core_->Admit(request.route.method, *caller, 0);
  if (status.ok()) {
    status = core_->Run([core = core_, &rule, route = &request.route, call = request.call,
                         field = request.field, caller = *std::move(caller)] {
      const std::string_view where = MethodName(route->method);
      std::shared_ptr<Message> message = rule.make_request();
      absl::Status admitted = ReadRequest(call, *route, field, message.get());
      if (admitted.ok()) admitted = core->Admit(route->method, caller, rule.cost(*message));
      if (!admitted.ok()) return call.reply(StatusAnswer(where, admitted));
      rule.call(core->rules(), message, caller,
                [where, reply = call.reply](const absl::StatusOr<RestMessage>& answer) {
                  reply(AnswerOf(where, answer));
                });
    });
  }
  if (!status.ok()) request.call.reply(StatusAnswer(request.method_name(), status));
}

void RestApi::AnswerRows(const Request& request) {
  const absl::Status status = CheckForm(request.call, request.route);
  if (!status.ok()) return request.call.reply(StatusAnswer(request.method_name(), status));
  RowStream::Open(*core_, request.route.method, request.call, streams_);
}

void RestApi::AnswerWatch(const Request& request) {
  auto wanted = std::make_unique<v1::WatchEntriesRequest>();
  const absl::Status status = ReadRequest(request.call, request.route, request.field, wanted.get());
  if (!status.ok()) return request.call.reply(StatusAnswer(request.method_name(), status));
  WatchLines::Open(*core_, std::move(wanted), request.call, streams_, clock_.get());
}

OpenApiFile::OpenApiFile() : etag_(EtagOf(kOpenApiDocument)) {}

void OpenApiFile::Answer(const HttpCall& call) {
  if (call.target.segments.size() != 1) {
    return call.reply(StatusAnswer(call.target.raw_path, PathNotFound(call)));
  }
  if (call.request->method != "GET") return call.reply(OtherMethods(call, "GET, HEAD"));
  HttpResponse response = JsonAnswer(200, std::string(kOpenApiDocument));
  response.SetHeader("ETag", etag_);
  response.SetHeader("Cache-Control", "public, max-age=300");
  call.reply(std::move(response));
}

}  // namespace gusu::server
