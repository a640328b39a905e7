#include "client/cli/bench_handle_message.h"

#include "client/cli/handle_exchange.h"
#include "proto/handle/request.h"
#include "proto/handle/response.h"

namespace gusu::cli {
namespace {

Status Wrong(std::string_view code, const std::string& what) {
  return {StatusCode::kInternal, std::string(code) + ": " + what, "HANDLE_MALFORMED", {}};
}

}  // namespace

void EncodeResolve(std::string_view code, uint32_t request_id, std::string* bytes) {
  // As many requests as possible a second: the clock is read once.
  static const handle::Header kHeader = PublicQuestion(handle::Operation::kResolve);
  handle::Envelope envelope;
  envelope.request_id = request_id;
  handle::MessageWriter message(*bytes, envelope);
  handle::WriteResolveRequest(message.Begin(kHeader), code);
  message.Finish();
}

Status CheckResolved(std::string_view code, const handle::Envelope& envelope,
                     std::string_view message) {
  const auto decoded = handle::DecodeMessage(envelope, message);
  if (!decoded.ok()) return Wrong(code, std::string(decoded.status().message()));
  const handle::ResponseCode response_code = decoded->header.response_code;
  if (response_code != handle::ResponseCode::kSuccess) {
    return {StatusCode::kNotFound,
            std::string(code) + " is answered with response code " +
                std::to_string(static_cast<uint32_t>(response_code)),
            "HANDLE_REFUSED",
            {}};
  }
  const auto answer = handle::DecodeResolveResponse(decoded->body);
  if (!answer.ok()) return Wrong(code, std::string(answer.status().message()));
  if (answer->handle != code) {
    return Wrong(code, "answered with " + std::string(answer->handle));
  }
  return {};
}

}  // namespace gusu::cli
