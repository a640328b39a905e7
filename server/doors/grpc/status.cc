#include "server/doors/grpc/status.h"

#include "google/rpc/status.pb.h"
#include "proto/error.h"
#include "server/log.h"

namespace gusu::server {
namespace {

// At most kStatusMessageBytesMax, cut between UTF-8 characters.
std::string Shortened(std::string message) {
  if (message.size() <= kStatusMessageBytesMax) return message;
  size_t size = kStatusMessageBytesMax - 3;
  while (size > 0 && (static_cast<unsigned char>(message[size]) & 0xC0) == 0x80) --size;
  return message.substr(0, size) + "…";
}

absl::Status Neutral(Method method, const absl::Status& status) {
  Log(LogLevel::kError, "call_failed",
      {{"method", MethodName(method)}, {"status", status.ToString()}});
  return Error(absl::StatusCode::kInternal, "INTERNAL",
               "the server failed to answer; its log tells why");
}

}  // namespace

grpc::Status Conclude(Method method, const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const std::string reason = ErrorReason(status);
  const absl::Status told = reason.empty() ? Neutral(method, status) : status;
  if (IsLogged(LogLevel::kDebug)) {
    Log(LogLevel::kDebug, "call_refused", {{"method", MethodName(method)}, {"reason", reason}});
  }
  google::rpc::Status details = ToRpcStatus(told);
  const std::string message = Shortened(details.message());
  details.set_message(message);
  if (details.ByteSizeLong() > kStatusDetailBytesMax) {
    details = ToRpcStatus(Error(told.code(), ErrorReason(told), message));
  }
  return grpc::Status(static_cast<grpc::StatusCode>(told.code()), message,
                      details.SerializeAsString());
}

}  // namespace gusu::server
