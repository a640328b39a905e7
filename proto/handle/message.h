// A message behind its envelope: header (24 bytes), body, and the credential that signs them.
//
// Decoding is in place. Encoding is once, into a string of the caller that keeps its capacity:
//
//   MessageWriter message(buffer, AnswerEnvelope(envelope));
//   WriteResolveResponse(message.Begin(AnswerHeader(header, ResponseCode::kSuccess)), response);
//   if (!message.Finish()) ...  // longer than a message may be
//   send(buffer)
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/envelope.h"

namespace gusu::handle {

inline constexpr size_t kHeaderBytes = 24;
inline constexpr uint16_t kSiteSerialUnknown = 0xffff;

struct Header {
  Operation operation{};
  ResponseCode response_code = ResponseCode::kNone;
  uint32_t flags = 0;
  uint16_t site_serial = kSiteSerialUnknown;  // of the HS_SITE that the sender knows
  uint8_t recursion_count = 0;
  uint32_t expiration_s = 0;  // Unix time
  bool Has(uint32_t flag) const { return (flags & flag) != 0; }
  bool operator==(const Header&) const = default;
};

struct Message {
  Header header;
  std::string_view header_and_body;  // what digests and signatures are over
  std::string_view body;
  std::string_view credential;  // empty: unsigned
};

// `bytes` are the message behind its envelope, as long as the envelope says: the one packet's data,
// or the packets' joined. HANDLE_MALFORMED for a length that contradicts another.
absl::StatusOr<Message> DecodeMessage(const Envelope& envelope, std::string_view bytes);
// Of the header alone: for an answer to a message that is malformed behind it.
absl::StatusOr<Header> DecodeHeader(std::string_view bytes);

// The header of an answer by a primary server: authoritative, everything else as asked.
Header AnswerHeader(const Header& request, ResponseCode code);

class MessageWriter {
 public:
  // Writes over `out`, which outlives the writer.
  MessageWriter(std::string& out, const Envelope& envelope);

  // Where the body is to be written.
  Writer& Begin(const Header& header);
  // After the body: what a credential signs. Empty when the body was too long.
  std::string_view EndBody();
  // The envelope and the whole message stand in `out`; false, and nothing of use, when it is longer
  // than kMessageBytesMax. `credential` is empty for an unsigned message.
  bool Finish(std::string_view credential = {});

 private:
  std::string& out_;
  Writer writer_;
};

}  // namespace gusu::handle
