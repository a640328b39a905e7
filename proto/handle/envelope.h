// The 20 bytes before every message and every UDP packet, and how versions are agreed on.
//
// A message longer than a packet's 492 bytes goes as several packets over UDP: packet i carries the
// envelope with sequence number i and the message's bytes from 492 · i on; requests of several set
// kTruncated, answers do not. Over TCP the envelope stands once before the whole message.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/handle/protocol.h"
#include "proto/handle/wire.h"

namespace gusu::handle {

inline constexpr size_t kEnvelopeBytes = 20;
inline constexpr size_t kPacketBytesMax = 512;
inline constexpr size_t kPacketDataBytes = kPacketBytesMax - kEnvelopeBytes;

// Flags of an envelope.
inline constexpr uint8_t kCompressed = 0x80;  // never used
inline constexpr uint8_t kEncrypted = 0x40;   // within a session
inline constexpr uint8_t kTruncated = 0x20;   // one of several packets

struct Envelope {
  Version version;                  // in which the message is written
  Version suggested = kOwnVersion;  // that the sender would like to read
  uint8_t flags = 0;                // without the bits of the suggested version
  uint32_t session_id = 0;          // 0: none; of a challenge and its answer, the challenge's id
  uint32_t request_id = 0;          // chosen by the client, echoed by the server
  uint32_t sequence_number = 0;     // of the packet, from 0 on
  uint32_t message_bytes = 0;       // of the whole message, without envelopes
  bool operator==(const Envelope&) const = default;
};

// The first 20 bytes. nullopt when there are fewer, when the version is neither 2 nor 5, or when
// the message would be longer than kMessageBytesMax: nothing there can be answered.
std::optional<Envelope> DecodeEnvelope(std::string_view bytes);
void EncodeEnvelope(Writer& writer, const Envelope& envelope);

// In which version the message's formats are: 2.0 where the envelope says 5.x.
Version FormatVersion(const Envelope& envelope);
// The envelope of an answer: the best version that both sides speak, the request's id, no session.
Envelope AnswerEnvelope(const Envelope& request);

// How many packets a message of that length goes in; 1 for the empty one.
size_t PacketCount(size_t message_bytes);
// The part of the message that packet `index` carries.
std::string_view PacketData(std::string_view message, size_t index);

}  // namespace gusu::handle
