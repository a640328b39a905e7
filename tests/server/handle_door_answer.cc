#include "tests/server/handle_door_answer.h"

#include <cstdio>
#include <cstdlib>

#include "proto/handle/response.h"
#include "proto/handle/site.h"

namespace gusu::test {
namespace {

using handle::Operation;
using handle::ResponseCode;

void CheckSuccess(const handle::Message& message, const handle::Envelope& envelope,
                  std::string_view body) {
  switch (message.header.operation) {
    case Operation::kResolve:
      return Require(handle::DecodeResolveResponse(body).ok(), "values can be read");
    case Operation::kGetSiteInfo:
      return Require(handle::DecodeSite(body).ok(), "a site can be read");
    case Operation::kCreateHandle:
      if (envelope.version < handle::Version{2, 8}) {
        return Require(body.empty(), "old clients are not told what was created");
      }
      return Require(handle::DecodeCreateResponse(body).ok(), "what was created can be read");
    case Operation::kDeleteHandle:
    case Operation::kAddValue:
    case Operation::kRemoveValue:
    case Operation::kModifyValue:
      return Require(body.empty(), "there is nothing to say about success");
    case Operation::kListHandles: {
      const auto handles = handle::DecodeListResponse(body);
      return Require(handles.ok() && handles->size() <= handle::kHandlesPerMessage,
                     "handles can be read, and are not too many");
    }
    case Operation::kVerifyChallenge:
      return Require(handle::DecodeVerifyChallengeResponse(body).ok(), "a verdict can be read");
    default:
      return Require(false, "no other operation succeeds");
  }
}

void CheckBody(const handle::Message& message, const handle::Envelope& envelope,
               const handle::DigestedBody& digested) {
  switch (message.header.response_code) {
    case ResponseCode::kNone:
      return Require(false, "an answer has a code");
    case ResponseCode::kSuccess:
      return CheckSuccess(message, envelope, digested.body);
    case ResponseCode::kAuthenticationNeeded: {
      const auto nonce = handle::DecodeChallenge(digested.body);
      Require(nonce.ok() && nonce->size() == handle::kNonceBytes, "a nonce can be read");
      Require(!digested.digest.bytes.empty(), "a challenge has its request's digest");
      return Require(envelope.session_id != 0, "a challenge has an id");
    }
    case ResponseCode::kServiceReferral:
    case ResponseCode::kPrefixReferral:
      return Require(handle::DecodeReferral(digested.body).ok(), "a referral can be read");
    default:
      return Require(handle::DecodeErrorResponse(digested.body).ok(), "an error can be read");
  }
}

}  // namespace

void Require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "FuzzHandleDoor: not so: %s\n", claim);
  std::abort();
}

bool SetTrueLength(std::string& request) {
  if (request.size() < handle::kEnvelopeBytes) return false;
  const auto bytes = static_cast<uint32_t>(request.size() - handle::kEnvelopeBytes);
  handle::Writer(request).PutInt(16, bytes);
  return handle::DecodeEnvelope(request).has_value();
}

bool IsAnswer(std::string_view bytes) {
  const auto header = handle::DecodeHeader(bytes.substr(handle::kEnvelopeBytes));
  return header.ok() && header->response_code != ResponseCode::kNone;
}

AnswerParts CheckAnswer(const std::string& answer, const SentRequest& request) {
  const auto envelope = handle::DecodeEnvelope(answer);
  Require(envelope.has_value(), "an answer has an envelope");
  Require(envelope->request_id == request.envelope.request_id, "an answer has its request's id");
  Require(envelope->message_bytes == answer.size() - handle::kEnvelopeBytes,
          "an answer is as long as it says, which is no more than the protocol allows");
  const auto message =
      handle::DecodeMessage(*envelope, std::string_view(answer).substr(handle::kEnvelopeBytes));
  Require(message.ok(), "an answer can be read");
  const auto digested = handle::SplitDigest(*message);
  Require(digested.ok(), "an answer's digest can be read");
  CheckBody(*message, *envelope, *digested);
  const handle::Header& header = message->header;
  const AnswerParts parts{header.response_code, header.Has(handle::kContinuous)};
  const auto asked = handle::DecodeMessage(request.envelope, request.message);
  if (!asked.ok() || (request.envelope.flags & (handle::kEncrypted | handle::kCompressed)) != 0 ||
      asked->header.operation == Operation::kChallengeAnswer) {
    return parts;
  }
  Require(header.operation == asked->header.operation, "an answer has its request's operation");
  Require(!asked->header.Has(handle::kReturnRequestDigest) ||
              digested->digest == handle::DigestOf(asked->header_and_body, envelope->version),
          "an answer has the digest that was asked for");
  return parts;
}

std::string JoinPackets(const std::vector<std::string>& packets) {
  const auto first = handle::DecodeEnvelope(packets[0]);
  Require(first.has_value(), "a packet has an envelope");
  Require(packets.size() == handle::PacketCount(first->message_bytes), "no packet is missing");
  std::string joined = packets[0].substr(0, handle::kEnvelopeBytes);
  for (uint32_t i = 0; i < packets.size(); ++i) {
    auto envelope = handle::DecodeEnvelope(packets[i]);
    Require(envelope.has_value() && envelope->sequence_number == i, "packets have their numbers");
    envelope->sequence_number = 0;
    Require(envelope == first, "packets are of one message");
    Require(packets[i].size() <= handle::kPacketBytesMax, "a packet fits into a datagram");
    joined += packets[i].substr(handle::kEnvelopeBytes);
  }
  return joined;
}

}  // namespace gusu::test
