#include "proto/handle/envelope.h"

#include <algorithm>

namespace gusu::handle {
namespace {

constexpr uint8_t kSuggestedMajorBits = 0x03;
constexpr uint8_t kLegacyMajor = 5;
constexpr Version kOldest{2, 0};

}  // namespace

std::optional<Envelope> DecodeEnvelope(std::string_view bytes) {
  Reader reader(bytes);
  Envelope envelope;
  envelope.version.major = reader.Byte("major version");
  envelope.version.minor = reader.Byte("minor version");
  const uint8_t flags = reader.Byte("flags");
  envelope.flags = flags & ~kSuggestedMajorBits;
  envelope.suggested = {static_cast<uint8_t>(flags & kSuggestedMajorBits),
                        reader.Byte("suggested minor version")};
  envelope.session_id = reader.Int("session id");
  envelope.request_id = reader.Int("request id");
  envelope.sequence_number = reader.Int("sequence number");
  envelope.message_bytes = reader.Int("message length");
  const bool readable =
      envelope.version.major == kOwnVersion.major || envelope.version.major == kLegacyMajor;
  if (!reader.ok() || !readable || envelope.message_bytes > kMessageBytesMax) return std::nullopt;
  return envelope;
}

void EncodeEnvelope(Writer& writer, const Envelope& envelope) {
  writer.Byte(envelope.version.major)
      .Byte(envelope.version.minor)
      .Byte(envelope.flags | (envelope.suggested.major & kSuggestedMajorBits))
      .Byte(envelope.suggested.minor)
      .Int(envelope.session_id)
      .Int(envelope.request_id)
      .Int(envelope.sequence_number)
      .Int(envelope.message_bytes);
}

Version FormatVersion(const Envelope& envelope) {
  return envelope.version.major == kLegacyMajor ? kOldest : envelope.version;
}

Envelope AnswerEnvelope(const Envelope& request) {
  // A suggestion of major 0 says nothing beyond the version that the request is written in.
  const Version wish = request.suggested.major == 0 ? FormatVersion(request) : request.suggested;
  Envelope answer;
  answer.version = std::clamp(wish, kOldest, kOwnVersion);
  answer.request_id = request.request_id;
  return answer;
}

size_t PacketCount(size_t message_bytes) {
  return std::max<size_t>(1, (message_bytes + kPacketDataBytes - 1) / kPacketDataBytes);
}

std::string_view PacketData(std::string_view message, size_t index) {
  const size_t from = std::min(index * kPacketDataBytes, message.size());
  return message.substr(from, kPacketDataBytes);
}

}  // namespace gusu::handle
