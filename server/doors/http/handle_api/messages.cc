#include "server/doors/http/handle_api/messages.h"

#include <utility>

#include "proto/handle/envelope.h"
#include "proto/text.h"
#include "server/doors/handle/message_handler.h"
#include "server/doors/http/content_type.h"

namespace gusu::server {
namespace {

constexpr std::string_view kMessageType = "application/x-hdl-message";

void Send(const HttpCall& call, WireAnswer answer) {
  HttpResponse response;
  response.SetHeader("Content-Type", std::string(kMessageType));
  response.body = std::move(answer.bytes);
  response.close = answer.close;
  response.more = std::move(answer.more);
  call.reply(std::move(response));
}

void Refuse(const HttpCall& call, int status, std::string_view text) {
  HttpResponse response;
  response.status = status;
  response.SetHeader("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(text) + "\n";
  call.reply(std::move(response));
}

void Handle(const HttpCore& core, const HttpCall& call) {
  const std::string_view bytes = call.request->body;
  const auto envelope = handle::DecodeEnvelope(bytes);
  if (!envelope.has_value() ||
      bytes.size() != handle::kEnvelopeBytes + size_t{envelope->message_bytes}) {
    return Refuse(call, 400, "the body is no envelope and message of the protocol");
  }
  core.rules().handle_messages->Handle(
      *envelope, bytes.substr(handle::kEnvelopeBytes),
      {call.request->peer, handle::Transport::kHttp},
      [call](WireAnswer answer) { Send(call, std::move(answer)); });
}

}  // namespace

bool IsHandleMessage(const HttpRequest& request) {
  return request.method == "POST" && ContentType(request) == kMessageType &&
         request.Header("Accept").find(kMessageType) != std::string_view::npos;
}

void HandleMessages::Answer(const HttpCall& call) {
  if (core_.rules().handle_messages == nullptr) {
    return Refuse(call, 501, "this server does not speak the Handle protocol");
  }
  const absl::Status status = core_.Run([core = core_, call] { Handle(core, call); });
  if (!status.ok()) Refuse(call, 503, StdView(status.message()));
}

}  // namespace gusu::server
