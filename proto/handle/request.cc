#include "proto/handle/request.h"

#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

// Of a nonce, digest, signature or authentication type; the longest is an RSA signature.
constexpr size_t kProofBytesMax = 4'096;

std::string_view ReadHandle(Reader& reader) { return reader.Bytes("handle", kHandleBytesMax); }

}  // namespace

bool ResolveRequest::AsksFor(uint32_t index, std::string_view type) const {
  if (indexes.empty() && types.empty()) return true;
  for (const uint32_t requested : indexes) {
    if (requested == index) return true;
  }
  for (const std::string_view requested : types) {
    if (AsksForType(requested, type)) return true;
  }
  return false;
}

absl::StatusOr<ResolveRequest> DecodeResolveRequest(std::string_view body) {
  Reader reader(body);
  ResolveRequest request;
  request.handle = ReadHandle(reader);
  request.indexes = ReadList<uint32_t>(reader, "list of indexes");
  request.types = ReadList<std::string_view>(reader, "list of types");
  GUSU_RETURN_IF_ERROR(reader.status());
  return request;
}

void WriteResolveRequest(Writer& body, std::string_view handle, std::span<const uint32_t> indexes,
                         std::span<const std::string_view> types) {
  body.Bytes(handle);
  WriteList(body, indexes);
  WriteList(body, types);
}

absl::StatusOr<ValuesRequest> DecodeValuesRequest(std::string_view body) {
  Reader reader(body);
  ValuesRequest request;
  request.handle = ReadHandle(reader);
  request.values = ReadList<Value>(reader, "list of values");
  GUSU_RETURN_IF_ERROR(reader.status());
  return request;
}

void WriteValuesRequest(Writer& body, std::string_view handle, std::span<const Value> values) {
  body.Bytes(handle);
  WriteList(body, values);
}

absl::StatusOr<RemoveValueRequest> DecodeRemoveValueRequest(std::string_view body) {
  Reader reader(body);
  RemoveValueRequest request;
  request.handle = ReadHandle(reader);
  request.indexes = ReadList<uint32_t>(reader, "list of indexes");
  GUSU_RETURN_IF_ERROR(reader.status());
  return request;
}

void WriteRemoveValueRequest(Writer& body, std::string_view handle,
                             std::span<const uint32_t> indexes) {
  body.Bytes(handle);
  WriteList(body, indexes);
}

absl::StatusOr<std::string_view> DecodeHandleRequest(std::string_view body) {
  Reader reader(body);
  const std::string_view handle = ReadHandle(reader);
  GUSU_RETURN_IF_ERROR(reader.status());
  return handle;
}

void WriteHandleRequest(Writer& body, std::string_view handle) { body.Bytes(handle); }

absl::StatusOr<ChallengeAnswerRequest> DecodeChallengeAnswerRequest(std::string_view body) {
  Reader reader(body);
  ChallengeAnswerRequest request;
  request.authentication_type = reader.Bytes("authentication type", kProofBytesMax);
  Read(reader, request.user);
  request.signed_response = reader.Bytes("signed response", kProofBytesMax);
  GUSU_RETURN_IF_ERROR(reader.status());
  return request;
}

void WriteChallengeAnswerRequest(Writer& body, const ChallengeAnswerRequest& request) {
  body.Bytes(request.authentication_type);
  Write(body, request.user);
  body.Bytes(request.signed_response);
}

absl::StatusOr<VerifyChallengeRequest> DecodeVerifyChallengeRequest(std::string_view body) {
  Reader reader(body);
  VerifyChallengeRequest request;
  Read(reader, request.key);
  request.nonce = reader.Bytes("nonce", kProofBytesMax);
  request.digest = reader.Bytes("digest", kProofBytesMax);
  request.signed_response = reader.Bytes("signed response", kProofBytesMax);
  GUSU_RETURN_IF_ERROR(reader.status());
  return request;
}

void WriteVerifyChallengeRequest(Writer& body, const VerifyChallengeRequest& request) {
  Write(body, request.key);
  body.Bytes(request.nonce).Bytes(request.digest).Bytes(request.signed_response);
}

absl::StatusOr<SessionSetupRequest> DecodeSessionSetupRequest(std::string_view body) {
  Reader reader(body);
  SessionSetupRequest request;
  request.mode = reader.Short("session mode");
  request.timeout_s = reader.Int("session time-out");
  Read(reader, request.identity);
  GUSU_RETURN_IF_ERROR(reader.status());
  return request;
}

}  // namespace gusu::handle
