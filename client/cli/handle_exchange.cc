#include "client/cli/handle_exchange.h"

#include <chrono>
#include <fstream>
#include <optional>

#include "client/cli/socket.h"
#include "proto/handle/response.h"

namespace gusu::cli {
namespace {

constexpr uint32_t kExpiresAfterSeconds = 12 * 3600;

}  // namespace

OrFailure<std::string> HandleAddress(const Session& session, const std::string& given) {
  if (!given.empty()) return given;
  const std::string& data = session.flags().data;
  if (data.empty()) {
    return UsageFailure("which Handle server?", "name it as HOST:PORT, or its --data directory");
  }
  std::ifstream file(data + "/handle.address");
  std::string address;
  if (std::getline(file, address) && !address.empty()) return address;
  return Failure{ExitCode::kUnreachable, "SERVER_NOT_RUNNING",
                 "no server has announced a Handle door in " + data + "/handle.address",
                 "start one with: gusud --data " + data};
}

handle::Header PublicQuestion(handle::Operation operation) {
  handle::Header header;
  header.operation = operation;
  header.flags = handle::kRecursive | handle::kCacheCertify | handle::kPublicOnly;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  header.expiration_s =
      static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count()) +
      kExpiresAfterSeconds;
  return header;
}

OrFailure<HandleAnswer> AskHandle(const std::string& server, const std::string& request,
                                  double timeout_seconds) {
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::microseconds(static_cast<int64_t>(timeout_seconds * 1e6));
  const OrFailure<Socket> socket = ConnectTo(server, Transport::kTcp, timeout_seconds);
  if (!socket.ok()) return socket.failure();
  if (auto failure = SendAll(*socket, server, request)) return *failure;
  const auto head = ReceiveExactly(*socket, server, handle::kEnvelopeBytes, deadline);
  if (!head.ok()) return head.failure();
  const std::optional<handle::Envelope> envelope = handle::DecodeEnvelope(*head);
  if (!envelope) return NotHandle(server, "its answer has no envelope");
  const std::optional<handle::Envelope> asked = handle::DecodeEnvelope(request);
  if (!asked || envelope->request_id != asked->request_id) {
    return NotHandle(server, "it answers another request");
  }
  auto message = ReceiveExactly(*socket, server, envelope->message_bytes, deadline);
  if (!message.ok()) return message.failure();
  return HandleAnswer{*envelope, std::move(*message)};
}

OrFailure<std::string_view> BodyOf(const std::string& server, const HandleAnswer& answer) {
  const auto message = handle::DecodeMessage(answer.envelope, answer.message);
  if (!message.ok()) return NotHandle(server, std::string(message.status().message()));
  const auto body = handle::SplitDigest(*message);
  if (!body.ok()) return NotHandle(server, std::string(body.status().message()));
  const handle::ResponseCode code = message->header.response_code;
  if (code == handle::ResponseCode::kSuccess) return body->body;
  const auto text = handle::DecodeErrorResponse(body->body);
  const bool has_text = text.ok() && !text->empty();
  return Failure{ExitCode::kNegative, "HANDLE_REFUSED",
                 server + " answers response code " + std::to_string(static_cast<uint32_t>(code)) +
                     (has_text ? ": " + std::string(*text) : ""),
                 ""};
}

Failure NotHandle(const std::string& server, const std::string& why) {
  return {ExitCode::kNegative, "HANDLE_MALFORMED",
          server + " does not speak the Handle protocol: " + why,
          "is it the address that gusud was given with --handle?"};
}

}  // namespace gusu::cli
