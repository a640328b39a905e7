// What holds of every answer over the Handle protocol, whatever was asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/handle/message.h"

namespace gusu::test {

// Prints the claim and stops the program when it does not hold.
void Require(bool holds, const char* claim);

// The envelope's length becomes that of what stands behind it, as a connection has it. False for
// what has no envelope.
bool SetTrueLength(std::string& request);
// Whether a message has the code of an answer.
bool IsAnswer(std::string_view bytes);

struct SentRequest {
  handle::Envelope envelope;
  std::string_view message;  // empty: not known
};

struct AnswerParts {
  handle::ResponseCode code;
  bool continues;
};

// Requires what an answer to the request has to be, and that its body is what its code and
// operation call for.
AnswerParts CheckAnswer(const std::string& answer, const SentRequest& request);

// The one message that the packets are of.
std::string JoinPackets(const std::vector<std::string>& packets);

}  // namespace gusu::test
