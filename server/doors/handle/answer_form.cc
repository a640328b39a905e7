#include "server/doors/handle/answer_form.h"

#include "proto/error.h"
#include "proto/handle/credential.h"
#include "proto/handle/response.h"
#include "proto/handle/response_code.h"
#include "proto/text.h"
#include "server/doors/handle/site.h"
#include "server/log.h"

namespace gusu::server {
namespace {

// Of a request, what says nothing about its answer.
constexpr uint32_t kOfRequestsOnly = handle::kEncrypt | handle::kContinuous | handle::kKeepAlive;
// What the protocol's clients read of an error's text.
constexpr size_t kTextBytesMax = 4'000;

}  // namespace

AnswerForm::AnswerForm(const HandleSite& site, const handle::Envelope& envelope,
                       const handle::Header& header, std::string_view header_and_body)
    : site_(&site),
      envelope_(handle::AnswerEnvelope(envelope)),
      header_(handle::AnswerHeader(header, handle::ResponseCode::kSuccess)) {
  header_.flags &= ~kOfRequestsOnly;
  if (header_and_body.empty()) header_.flags &= ~(handle::kReturnRequestDigest | handle::kCertify);
  header_.site_serial = site.serial();
  if (header_.Has(handle::kReturnRequestDigest)) {
    digest_ = handle::DigestOf(header_and_body, envelope_.version);
  }
}

void AnswerForm::SetChallenge(uint32_t session_id, std::string_view header_and_body) {
  envelope_.session_id = session_id;
  header_.flags |= handle::kReturnRequestDigest;
  digest_ = handle::DigestOf(header_and_body, envelope_.version);
}

std::string AnswerForm::Encode(handle::ResponseCode code, WriteBody write_body,
                               bool continues) const {
  std::string bytes;
  handle::MessageWriter message(bytes, envelope_);
  handle::Header header = header_;
  header.response_code = handle::CodeInVersion(code, envelope_.version);
  if (continues) header.flags |= handle::kContinuous;
  handle::Writer& body = message.Begin(header);
  if (header.Has(handle::kReturnRequestDigest)) handle::WriteDigest(body, digest_);
  write_body(body);
  const bool fits = header.Has(handle::kCertify)
                        ? handle::FinishSigned(message, envelope_, site_->key())
                        : message.Finish();
  if (fits) return bytes;
  return Refusal(handle::ResponseCode::kError,
                 Concat("the answer is longer than the protocol's ", handle::kMessageBytesMax,
                        " bytes: ask for single values, or over another protocol"));
}

std::string AnswerForm::Refusal(handle::ResponseCode code, std::string_view text) const {
  return Encode(code, [text](handle::Writer& body) {
    handle::WriteErrorResponse(body, text.substr(0, kTextBytesMax));
  });
}

std::string AnswerForm::Refusal(const absl::Status& status) const {
  if (!ErrorReason(status).empty()) {
    return Refusal(handle::ResponseCodeFor(status), StdView(status.message()));
  }
  Log(LogLevel::kError, "call_failed",
      {{"door", "handle"},
       {"operation", std::to_string(static_cast<uint32_t>(header_.operation))},
       {"status", status.ToString()}});
  return Refusal(handle::ResponseCode::kError, "the server failed to answer; its log tells why");
}

}  // namespace gusu::server
