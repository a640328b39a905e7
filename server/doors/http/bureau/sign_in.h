// Signing in and out, and who is signed in.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "server/doors/http/bureau/form_guard.h"
#include "server/doors/http/bureau/request.h"
#include "server/doors/http/bureau/sessions.h"
#include "server/source_buckets.h"

namespace gusu::server {

// May be called from any thread.
class BureauSignIn {
 public:
  // Tokens that were none, of an address: so many at once, and one more each half minute. Of the
  // server's own machine, where all that a proxy passes on comes from, more.
  static constexpr SourceBuckets::Rate kWrongAttempts = {1.0 / 30, 10};
  static constexpr SourceBuckets::Rate kWrongAttemptsOfLoopback = {10, 100};

  explicit BureauSignIn(const HttpCore* core) : core_(*core) {}

  // The form, for whoever is not signed in. `status` and `fault` tell why it is shown again.
  HttpResponse Form(const HttpCall& call, const absl::Status& fault = absl::OkStatus()) const;
  // Begins a session for a token of the bureau, with an id that nobody had before.
  HttpResponse Post(const HttpCall& call);
  // Ends the session, whosever it is now.
  HttpResponse SignOut(const BureauRequest& request);

  // Who is signed in, with the credential as it is now. kUnauthenticated / SESSION_ENDED without a
  // session, and when its credential proves the bureau no more; TLS_REQUIRED.
  absl::StatusOr<BureauCall> Find(const HttpCall& call);
  // The same for a form: FORM_REFUSED, FORM_MALFORMED too.
  absl::StatusOr<BureauCall> FindForForm(const HttpCall& call);

 private:
  absl::StatusOr<std::string> Begin(const HttpCall& call, const std::string& token);
  absl::StatusOr<std::shared_ptr<BureauRequest>> Read(const HttpCall& call);

  const HttpCore& core_;
  const FormGuard guard_;
  BureauSessions sessions_;
  SourceBuckets wrong_attempts_{SourceBuckets::Options()};
};

// Pairs of a form's body. kInvalidArgument / FORM_MALFORMED for another content type, and more than
// kBureauFormBytesMax; TARGET_MALFORMED for what is not encoded as it must be.
absl::StatusOr<FormPairs> ReadForm(const HttpRequest& request);

}  // namespace gusu::server
