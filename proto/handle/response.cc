#include "proto/handle/response.h"

#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

constexpr Version kCreatedHandleSince{2, 8};
constexpr size_t kTextBytesMax = 4'096;
constexpr size_t kNonceBytesMax = 1'024;

std::string_view ReadHandle(Reader& reader) { return reader.Bytes("handle", kHandleBytesMax); }

}  // namespace

absl::StatusOr<DigestedBody> SplitDigest(const Message& message) {
  DigestedBody parts;
  parts.body = message.body;
  if (!message.header.Has(kReturnRequestDigest)) return parts;
  Reader reader(message.body);
  parts.digest = ReadDigest(reader);
  GUSU_RETURN_IF_ERROR(reader.status());
  parts.body = reader.rest();
  return parts;
}

absl::StatusOr<ResolveResponse> DecodeResolveResponse(std::string_view body) {
  Reader reader(body);
  ResolveResponse response;
  response.handle = ReadHandle(reader);
  response.values = ReadList<Value>(reader, "list of values");
  reader.ExpectEnd("list of values");
  GUSU_RETURN_IF_ERROR(reader.status());
  return response;
}

void WriteResolveResponse(Writer& body, std::string_view handle, std::span<const Value> values) {
  body.Bytes(handle);
  WriteList(body, values);
}

absl::StatusOr<std::string_view> DecodeErrorResponse(std::string_view body) {
  if (body.empty()) return body;
  Reader reader(body);
  const std::string_view text = reader.Bytes("error message", kTextBytesMax);
  GUSU_RETURN_IF_ERROR(reader.status());
  return text;
}

void WriteErrorResponse(Writer& body, std::string_view text) { body.Bytes(text); }

absl::StatusOr<std::string_view> DecodeCreateResponse(std::string_view body) {
  if (body.empty()) return body;
  Reader reader(body);
  const std::string_view handle = ReadHandle(reader);
  GUSU_RETURN_IF_ERROR(reader.status());
  return handle;
}

void WriteCreateResponse(Writer& body, std::string_view handle, Version version) {
  if (version >= kCreatedHandleSince) body.Bytes(handle);
}

absl::StatusOr<TextList> DecodeListResponse(std::string_view body) {
  Reader reader(body);
  const TextList handles = ReadList<std::string_view>(reader, "list of handles");
  reader.ExpectEnd("list of handles");
  GUSU_RETURN_IF_ERROR(reader.status());
  return handles;
}

void WriteListResponse(Writer& body, std::span<const std::string_view> handles) {
  WriteList(body, handles);
}

absl::StatusOr<Referral> DecodeReferral(std::string_view body) {
  Reader reader(body);
  Referral referral;
  referral.handle = ReadHandle(reader);
  if (!reader.rest().empty()) referral.values = ReadList<Value>(reader, "list of values");
  reader.ExpectEnd("list of values");
  GUSU_RETURN_IF_ERROR(reader.status());
  return referral;
}

void WriteReferral(Writer& body, std::string_view handle, std::span<const Value> values) {
  body.Bytes(handle);
  if (!values.empty()) WriteList(body, values);
}

absl::StatusOr<std::string_view> DecodeChallenge(std::string_view body) {
  Reader reader(body);
  const std::string_view nonce = reader.Bytes("nonce", kNonceBytesMax);
  GUSU_RETURN_IF_ERROR(reader.status());
  return nonce;
}

void WriteChallenge(Writer& body, std::string_view nonce) { body.Bytes(nonce); }

absl::StatusOr<bool> DecodeVerifyChallengeResponse(std::string_view body) {
  Reader reader(body);
  const uint8_t valid = reader.Byte("verdict");
  GUSU_RETURN_IF_ERROR(reader.status());
  return valid == 1;
}

void WriteVerifyChallengeResponse(Writer& body, bool valid) { body.Byte(valid ? 1 : 0); }

}  // namespace gusu::handle
