#include "handle_again.h"

#include <vector>

#include "proto/handle/admin_value.h"
#include "proto/handle/credential.h"
#include "proto/handle/key_record.h"
#include "proto/handle/message.h"
#include "proto/handle/request.h"
#include "proto/handle/response.h"
#include "proto/handle/site.h"

namespace gusu::test {
namespace {

using namespace gusu::handle;  // NOLINT(google-build-using-namespace): all of it is looked at

template <typename T>
std::vector<T> AllOf(const WireList<T>& list) {
  return std::vector<T>(list.begin(), list.end());
}

// Writes what a decoder gave; false when it gave an error.
template <typename T, typename Write>
bool WriteDecoded(const absl::StatusOr<T>& decoded, Write write) {
  if (decoded.ok()) write(*decoded);
  return decoded.ok();
}

bool RequestAgain(Operation operation, std::string_view body, Writer& out) {
  switch (operation) {
    case Operation::kResolve:
      return WriteDecoded(DecodeResolveRequest(body), [&](const ResolveRequest& r) {
        WriteResolveRequest(out, r.handle, AllOf(r.indexes), AllOf(r.types));
      });
    case Operation::kCreateHandle:
    case Operation::kAddValue:
    case Operation::kModifyValue:
      return WriteDecoded(DecodeValuesRequest(body), [&](const ValuesRequest& r) {
        WriteValuesRequest(out, r.handle, AllOf(r.values));
      });
    case Operation::kRemoveValue:
      return WriteDecoded(DecodeRemoveValueRequest(body), [&](const RemoveValueRequest& r) {
        WriteRemoveValueRequest(out, r.handle, AllOf(r.indexes));
      });
    case Operation::kChallengeAnswer:
      return WriteDecoded(DecodeChallengeAnswerRequest(body), [&](const ChallengeAnswerRequest& r) {
        WriteChallengeAnswerRequest(out, r);
      });
    case Operation::kVerifyChallenge:
      return WriteDecoded(DecodeVerifyChallengeRequest(body), [&](const VerifyChallengeRequest& r) {
        WriteVerifyChallengeRequest(out, r);
      });
    case Operation::kSessionSetup:
      return WriteDecoded(DecodeSessionSetupRequest(body),
                          [&](const SessionSetupRequest&) { out.Raw(body); });
    default:
      return WriteDecoded(DecodeHandleRequest(body),
                          [&](std::string_view handle) { WriteHandleRequest(out, handle); });
  }
}

bool SuccessAgain(Operation operation, std::string_view body, Writer& out) {
  switch (operation) {
    case Operation::kResolve:
      return WriteDecoded(DecodeResolveResponse(body), [&](const ResolveResponse& r) {
        WriteResolveResponse(out, r.handle, AllOf(r.values));
      });
    case Operation::kGetSiteInfo:
      return WriteDecoded(DecodeSite(body),
                          [&](const Site& site) { WriteSiteInfoResponse(out, EncodeSite(site)); });
    case Operation::kListHandles:
    case Operation::kListHomedPrefixes:
      return WriteDecoded(DecodeListResponse(body),
                          [&](const TextList& list) { WriteListResponse(out, AllOf(list)); });
    case Operation::kVerifyChallenge:
      return WriteDecoded(DecodeVerifyChallengeResponse(body),
                          [&](bool valid) { WriteVerifyChallengeResponse(out, valid); });
    default:
      return WriteDecoded(DecodeCreateResponse(body), [&](std::string_view handle) {
        if (!body.empty()) WriteCreateResponse(out, handle, kOwnVersion);
      });
  }
}

bool AnswerAgain(const Header& header, std::string_view body, Writer& out) {
  switch (header.response_code) {
    case ResponseCode::kSuccess:
      return SuccessAgain(header.operation, body, out);
    case ResponseCode::kServiceReferral:
    case ResponseCode::kPrefixReferral:
      return WriteDecoded(DecodeReferral(body), [&](const Referral& r) {
        WriteReferral(out, r.handle, AllOf(r.values));
      });
    case ResponseCode::kAuthenticationNeeded:
      return WriteDecoded(DecodeChallenge(body),
                          [&](std::string_view nonce) { WriteChallenge(out, nonce); });
    default:
      return WriteDecoded(DecodeErrorResponse(body), [&](std::string_view text) {
        if (!body.empty()) WriteErrorResponse(out, text);
      });
  }
}

}  // namespace

std::optional<std::string> MessageAgain(std::string_view bytes) {
  const std::optional<Envelope> envelope = DecodeEnvelope(bytes);
  if (!envelope) return std::nullopt;
  const auto message = DecodeMessage(*envelope, bytes.substr(kEnvelopeBytes));
  if (!message.ok()) return std::nullopt;
  std::string again;
  MessageWriter writer(again, *envelope);
  Writer& body = writer.Begin(message->header);
  if (message->header.response_code == ResponseCode::kNone) {
    if (!RequestAgain(message->header.operation, message->body, body)) return std::nullopt;
  } else {
    const auto parts = SplitDigest(*message);
    if (!parts.ok()) return std::nullopt;
    if (message->header.Has(kReturnRequestDigest)) WriteDigest(body, parts->digest);
    if (!AnswerAgain(message->header, parts->body, body)) return std::nullopt;
  }
  if (!writer.Finish(message->credential)) return std::nullopt;
  return again;
}

std::optional<std::string> PartAgain(Part part, std::string_view bytes) {
  std::optional<std::string> again;
  switch (part) {
    case Part::kAdminValue:
      WriteDecoded(DecodeAdminValue(bytes),
                   [&](const AdminValue& value) { again = EncodeAdminValue(value); });
      break;
    case Part::kVlist:
      WriteDecoded(DecodeVlist(bytes),
                   [&](const ReferenceList& list) { again = EncodeVlist(AllOf(list)); });
      break;
    case Part::kSite:
      WriteDecoded(DecodeSite(bytes), [&](const Site& site) { again = EncodeSite(site); });
      break;
    case Part::kKeyRecord:
      WriteDecoded(DecodeKeyRecord(bytes),
                   [&](const KeyRecord& record) { again = EncodeKeyRecord(record); });
      break;
    case Part::kCredential:
      WriteDecoded(DecodeCredential(bytes),
                   [&](const Credential& credential) { again = EncodeCredential(credential); });
      break;
  }
  return again;
}

}  // namespace gusu::test
