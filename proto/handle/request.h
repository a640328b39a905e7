// The bodies of requests. Decoding is in place: what it gives points into the body.
//
// Bytes that follow a body's last field are passed over, since clients of the wild append fields of
// their own. A list and the elements in it are whole or the body is HANDLE_MALFORMED.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/value.h"

namespace gusu::handle {

using NumberList = WireList<uint32_t>;
using TextList = WireList<std::string_view>;

// kResolve: which values; all when both lists are empty, else those in either.
struct ResolveRequest {
  std::string_view handle;
  NumberList indexes;
  TextList types;
  bool AsksFor(uint32_t index, std::string_view type) const;
};
absl::StatusOr<ResolveRequest> DecodeResolveRequest(std::string_view body);
void WriteResolveRequest(Writer& body, std::string_view handle,
                         std::span<const uint32_t> indexes = {},
                         std::span<const std::string_view> types = {});

// kCreateHandle, kAddValue, kModifyValue.
struct ValuesRequest {
  std::string_view handle;
  ValueList values;
};
absl::StatusOr<ValuesRequest> DecodeValuesRequest(std::string_view body);
void WriteValuesRequest(Writer& body, std::string_view handle, std::span<const Value> values);

// kRemoveValue.
struct RemoveValueRequest {
  std::string_view handle;
  NumberList indexes;
};
absl::StatusOr<RemoveValueRequest> DecodeRemoveValueRequest(std::string_view body);
void WriteRemoveValueRequest(Writer& body, std::string_view handle,
                             std::span<const uint32_t> indexes);

// kGetSiteInfo ("/"), kDeleteHandle, kListHandles ("0.NA/prefix"), kHomePrefix, kUnhomePrefix,
// kListHomedPrefixes, kSessionTerminate.
absl::StatusOr<std::string_view> DecodeHandleRequest(std::string_view body);
void WriteHandleRequest(Writer& body, std::string_view handle);

// kChallengeAnswer: who answers, and with what (proto/handle/challenge.h).
struct ChallengeAnswerRequest {
  std::string_view authentication_type;  // "HS_SECKEY" or "HS_PUBKEY"
  Reference user;
  std::string_view signed_response;
};
absl::StatusOr<ChallengeAnswerRequest> DecodeChallengeAnswerRequest(std::string_view body);
void WriteChallengeAnswerRequest(Writer& body, const ChallengeAnswerRequest& request);

// kVerifyChallenge: whether the secret key `key` gave this answer.
struct VerifyChallengeRequest {
  Reference key;
  std::string_view nonce;
  std::string_view digest;  // of the request that was challenged, without its algorithm
  std::string_view signed_response;
};
absl::StatusOr<VerifyChallengeRequest> DecodeVerifyChallengeRequest(std::string_view body);
void WriteVerifyChallengeRequest(Writer& body, const VerifyChallengeRequest& request);

// kSessionSetup, as far as it is needed to say no: a server without sessions answers
// kOperationNotSupported, and clients go on with challenges.
struct SessionSetupRequest {
  uint16_t mode = 0;  // 1 to 4
  uint32_t timeout_s = 0;
  Reference identity;
};
absl::StatusOr<SessionSetupRequest> DecodeSessionSetupRequest(std::string_view body);

}  // namespace gusu::handle
