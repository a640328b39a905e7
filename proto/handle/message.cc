#include "proto/handle/message.h"

#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

constexpr size_t kMessageLengthAt = 16;
constexpr size_t kBodyLengthAt = kEnvelopeBytes + 20;
constexpr size_t kBodyAt = kEnvelopeBytes + kHeaderBytes;
constexpr size_t kLengthBytes = 4;

Header ReadHeader(Reader& reader) {
  Header header;
  header.operation = static_cast<Operation>(reader.Int("operation"));
  header.response_code = static_cast<ResponseCode>(reader.Int("response code"));
  header.flags = reader.Int("flags");
  header.site_serial = reader.Short("site serial");
  header.recursion_count = reader.Byte("recursion count");
  reader.Byte("reserved byte");
  header.expiration_s = reader.Int("expiration");
  return header;
}

}  // namespace

absl::StatusOr<Header> DecodeHeader(std::string_view bytes) {
  Reader reader(bytes);
  const Header header = ReadHeader(reader);
  GUSU_RETURN_IF_ERROR(reader.status());
  return header;
}

absl::StatusOr<Message> DecodeMessage(const Envelope& envelope, std::string_view bytes) {
  if (bytes.size() != envelope.message_bytes) {
    return Malformed("message length", "is not the length of what came");
  }
  Reader reader(bytes);
  Message message;
  message.header = ReadHeader(reader);
  message.body = reader.Bytes("body", kMessageBytesMax);
  // Old peers leave the credential's length out, and some send less than its four bytes.
  if (reader.rest().size() >= kLengthBytes) {
    message.credential = reader.Bytes("credential", kMessageBytesMax);
    reader.ExpectEnd("credential");
  }
  GUSU_RETURN_IF_ERROR(reader.status());
  message.header_and_body = bytes.substr(0, kHeaderBytes + message.body.size());
  return message;
}

Header AnswerHeader(const Header& request, ResponseCode code) {
  Header answer = request;
  answer.response_code = code;
  answer.flags |= kAuthoritative;
  return answer;
}

MessageWriter::MessageWriter(std::string& out, const Envelope& envelope)
    : out_(out), writer_(out, kEnvelopeBytes + kMessageBytesMax) {
  out_.clear();
  EncodeEnvelope(writer_, envelope);
}

Writer& MessageWriter::Begin(const Header& header) {
  return writer_.Int(static_cast<uint32_t>(header.operation))
      .Int(static_cast<uint32_t>(header.response_code))
      .Int(header.flags)
      .Short(header.site_serial)
      .Byte(header.recursion_count)
      .Byte(0)
      .Int(header.expiration_s)
      .Int(0);
}

std::string_view MessageWriter::EndBody() {
  if (!writer_.ok()) return {};
  writer_.PutInt(kBodyLengthAt, static_cast<uint32_t>(writer_.size() - kBodyAt));
  return writer_.Written(kEnvelopeBytes);
}

bool MessageWriter::Finish(std::string_view credential) {
  EndBody();
  writer_.Bytes(credential);
  writer_.PutInt(kMessageLengthAt, static_cast<uint32_t>(writer_.size() - kEnvelopeBytes));
  return writer_.ok();
}

}  // namespace gusu::handle
