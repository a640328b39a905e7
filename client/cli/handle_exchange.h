// One question to a Handle server over TCP, and its answer.
#pragma once

#include <string>
#include <string_view>

#include "client/cli/failure.h"
#include "client/cli/session.h"
#include "proto/handle/message.h"

namespace gusu::cli {

// Where the Handle door is: as given, else of the server of --data.
OrFailure<std::string> HandleAddress(const Session& session, const std::string& given);

// The header of a question that anybody may ask.
handle::Header PublicQuestion(handle::Operation operation);

struct HandleAnswer {
  handle::Envelope envelope;
  std::string message;  // what stands behind it
};
// `request` is a whole message behind its envelope.
OrFailure<HandleAnswer> AskHandle(const std::string& server, const std::string& request,
                                  double timeout_seconds);
// The body of an answer that is a success, behind the digest if it has one; it points into the
// answer.
OrFailure<std::string_view> BodyOf(const std::string& server, const HandleAnswer& answer);

// The server answers what the protocol does not allow.
Failure NotHandle(const std::string& server, const std::string& why);

}  // namespace gusu::cli
