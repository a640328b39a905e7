// The rules behind the API's methods, from message to message, whatever their types.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "server/access.h"
#include "server/doors/rules.h"

namespace google::protobuf {
class Message;
}

namespace gusu::server {

using RestMessage = std::unique_ptr<google::protobuf::Message>;
using RestDone = std::function<void(absl::StatusOr<RestMessage>)>;

struct RestMethod {
  RestMessage (*make_request)();
  // How many identifiers a request asks for.
  size_t (*cost)(const google::protobuf::Message& request);
  // Calls `done` exactly once: on the calling thread, or later on another one.
  void (*call)(const DoorRules& rules, std::shared_ptr<const google::protobuf::Message> request,
               const Caller& caller, RestDone done);
};

// nullptr for the methods that are streams.
const RestMethod* FindRestMethod(Method method);

}  // namespace gusu::server
