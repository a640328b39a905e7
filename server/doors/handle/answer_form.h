// What an answer takes from its request: ids, version, flags, digest. Points into nothing, so that
// whoever answers later keeps a copy.
#pragma once

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "proto/handle/digest.h"
#include "proto/handle/message.h"

namespace gusu::server {

class HandleSite;

class AnswerForm {
 public:
  using WriteBody = absl::FunctionRef<void(handle::Writer& body)>;

  // The answer has the request's version as far as this server speaks it, its request id, flags and
  // expiration. `site`, not owned, outlives the form: its serial, and the key of what is certified.
  // Without `header_and_body`, of a message that could not be read, there is neither digest nor
  // signature.
  AnswerForm(const HandleSite& site, const handle::Envelope& envelope, const handle::Header& header,
             std::string_view header_and_body);

  // In which formats the answer is written.
  handle::Version version() const { return envelope_.version; }
  // Whether the answer will be signed: what costs more than the rest.
  bool is_certified() const { return header_.Has(handle::kCertify); }

  void LeaveUnsigned() { header_.flags &= ~handle::kCertify; }

  // For a challenge: its id, and the digest of the request whether asked for or not.
  void SetChallenge(uint32_t session_id, std::string_view header_and_body);
  // For an answer to another request than the one that brought it: that one's operation.
  void SetOperation(handle::Operation operation) { header_.operation = operation; }

  // Envelope and message, with digest and signature where they were asked for. What is longer than
  // a message may be becomes a refusal that says so. `continues`: more messages follow.
  std::string Encode(handle::ResponseCode code, WriteBody write_body, bool continues = false) const;
  std::string Refusal(handle::ResponseCode code, std::string_view text = {}) const;
  // By the error's reason; what has none is logged whole and told neutrally.
  std::string Refusal(const absl::Status& status) const;

 private:
  const HandleSite* site_;
  handle::Envelope envelope_;
  handle::Header header_;
  handle::RequestDigest digest_;  // counts with kReturnRequestDigest
};

}  // namespace gusu::server
