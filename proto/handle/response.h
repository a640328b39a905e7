// The bodies of answers. Where a message's flags have kReturnRequestDigest, its body begins with
// the digest of the request: WriteDigest first when encoding; every decoder here is given what
// follows it (SplitDigest).
#pragma once

#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/digest.h"
#include "proto/handle/message.h"
#include "proto/handle/request.h"
#include "proto/handle/value.h"

namespace gusu::handle {

struct DigestedBody {
  RequestDigest digest;  // without bytes when the message has none
  std::string_view body;
};
absl::StatusOr<DigestedBody> SplitDigest(const Message& message);

// kResolve, kSuccess: the handle as it was asked for, and the values.
struct ResolveResponse {
  std::string_view handle;
  ValueList values;
};
absl::StatusOr<ResolveResponse> DecodeResolveResponse(std::string_view body);
void WriteResolveResponse(Writer& body, std::string_view handle, std::span<const Value> values);

// Every code that is no success and has no form of its own: a message for people, often empty.
absl::StatusOr<std::string_view> DecodeErrorResponse(std::string_view body);
void WriteErrorResponse(Writer& body, std::string_view text);

// kGetSiteInfo, kSuccess: the body is the HS_SITE record itself (proto/handle/site.h).
inline void WriteSiteInfoResponse(Writer& body, std::string_view site) { body.Raw(site); }

// kCreateHandle, kSuccess: the handle, from version 2.8 on; before, and for operations that answer
// nothing, the body is empty.
absl::StatusOr<std::string_view> DecodeCreateResponse(std::string_view body);
void WriteCreateResponse(Writer& body, std::string_view handle, Version version);

// kListHandles, kListHomedPrefixes, kSuccess: one page, with kContinuous set on all but the last.
absl::StatusOr<TextList> DecodeListResponse(std::string_view body);
void WriteListResponse(Writer& body, std::span<const std::string_view> handles);

// kServiceReferral, kPrefixReferral: the handle that has the sites, which may be empty, and the
// sites themselves, which may be left out.
struct Referral {
  std::string_view handle;
  ValueList values;
};
absl::StatusOr<Referral> DecodeReferral(std::string_view body);
void WriteReferral(Writer& body, std::string_view handle, std::span<const Value> values);

// kAuthenticationNeeded: a nonce, behind the digest that this answer always has.
inline constexpr size_t kNonceBytes = 16;
absl::StatusOr<std::string_view> DecodeChallenge(std::string_view body);
void WriteChallenge(Writer& body, std::string_view nonce);

// kVerifyChallenge, kSuccess: whether the answer was right.
absl::StatusOr<bool> DecodeVerifyChallengeResponse(std::string_view body);
void WriteVerifyChallengeResponse(Writer& body, bool valid);

}  // namespace gusu::handle
