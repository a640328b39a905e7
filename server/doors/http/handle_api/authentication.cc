#include "server/doors/http/handle_api/authentication.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "proto/base64.h"
#include "proto/error.h"
#include "proto/handle/challenge.h"
#include "proto/handle/message_hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/credential_vault.h"
#include "server/doors/handle/proof.h"
#include "server/doors/handle/site.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/rate_limit.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

// Compared with where there is no secret.
constexpr std::string_view kDecoySecret = "no identity has this secret";
constexpr int kDecoyKeyBits = 2'048;

absl::Status SessionExpired() {
  return Error(absl::StatusCode::kUnauthenticated, "SESSION_EXPIRED",
               "the session is none of this server's, has expired or was ended: begin another one");
}

AttemptLimiter::Options GuessesPerMinute(const std::function<absl::Time()>& clock) {
  AttemptLimiter::Options options{static_cast<double>(ApiAuthentication::kGuessesMax),
                                  ApiAuthentication::kGuessesMax / 60.0};
  options.clock = clock;
  return options;
}

}  // namespace

absl::StatusOr<ApiIdentity> ReadApiIdentity(const std::string& text) {
  const size_t colon = text.find(':');
  const auto index = ParseNumber(std::string_view(text).substr(0, colon));
  if (colon != text.npos && index.has_value()) return ApiIdentity{text.substr(colon + 1), *index};
  return ApiMalformed("identity",
                      Concat(Quote(text), " is not index:handle, as 300:88.118.8/ADMIN"));
}

ApiAuthentication::ApiAuthentication(const HttpCore* core, ApiSessions* sessions,
                                     std::function<absl::Time()> clock)
    : core_(*core),
      sessions_(*sessions),
      clock_(std::move(clock)),
      guesses_(GuessesPerMinute(clock_)) {}

std::optional<std::string_view> ApiAuthentication::Scheme(const HttpRequest& request,
                                                          std::string_view scheme) {
  const std::string_view value = request.Header("Authorization");
  if (value.size() <= scheme.size() || value[scheme.size()] != ' ' ||
      !absl::EqualsIgnoreCase(AbslView(value.substr(0, scheme.size())), AbslView(scheme))) {
    return std::nullopt;
  }
  const std::string_view rest = value.substr(scheme.size() + 1);
  return rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
}

absl::StatusOr<Administrator> ApiAuthentication::Authenticate(const HttpRequest& request) {
  Administrator nobody;
  nobody.caller.door = Door::kHttp;
  nobody.caller.peer = request.peer;
  if (request.HeaderCount("Authorization") == 0) return nobody;
  GUSU_RETURN_IF_ERROR(HttpCore::CheckMaySendSecret(request));
  if (request.HeaderCount("Authorization") > 1) {
    return ApiMalformed("Authorization", "was sent more than once");
  }
  if (const auto encoded = Scheme(request, "Basic")) return ByPassword(*encoded, request.peer);
  if (const auto parameters = Scheme(request, "Handle")) {
    GUSU_ASSIGN_OR_RETURN(const SessionWords words, ReadSessionWords(*parameters));
    if (words.is_proof()) return ProveSession(words, request.peer);
    if (words.session_id.empty()) return nobody;
    return OwnerOf(words.session_id, request.peer);
  }
  const std::string source = AddressGroup(request.peer);
  GUSU_RETURN_IF_ERROR(CheckGuessesLeft(source));
  auto caller = core_.Authenticated(request);
  if (!caller.ok()) return CountGuess(source, caller.status());
  return Administrator{*std::move(caller), "", 0};
}

absl::StatusOr<Administrator> ApiAuthentication::ByPassword(std::string_view encoded,
                                                            const std::string& peer) {
  const auto text = Base64Decode(encoded);
  const size_t colon = text.has_value() ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return ApiMalformed("Authorization",
                        "Basic is not base64 of identity:secret, where the colon "
                        "of the identity is %3A");
  }
  GUSU_ASSIGN_OR_RETURN(const ApiIdentity identity,
                        ReadApiIdentity(DecodedWord(text->substr(0, colon))));
  const std::string secret = text->substr(colon + 1);
  const std::string source = AddressGroup(peer);
  GUSU_RETURN_IF_ERROR(CheckGuessesLeft(source));
  GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
  const absl::Time now = clock_();
  const auto key = FindHandleKey(*view, *core_.rules().vault, identity.view(), now);
  const bool has_secret = key.ok() && key->kind == HandleKey::Kind::kSecret;
  const std::string_view expected = has_secret ? std::string_view(key->bytes) : kDecoySecret;
  const bool is_as_sent = handle::SameSecret(secret, expected);
  const bool is_decoded = handle::SameSecret(DecodedWord(secret), expected);
  if (!has_secret || !(is_as_sent || is_decoded)) return CountGuess(source, CredentialInvalid());
  GUSU_ASSIGN_OR_RETURN(Caller caller, AuthenticateHandle(*view, identity.view(), *key, peer, now));
  caller.door = Door::kHttp;
  return Administrator{std::move(caller), identity.handle, identity.index};
}

absl::StatusOr<Administrator> ApiAuthentication::ProveSession(const SessionWords& words,
                                                              const std::string& peer) {
  const auto nonce = sessions_.NonceOf(words.session_id);
  if (!nonce.has_value()) return SessionExpired();
  GUSU_ASSIGN_OR_RETURN(const ApiIdentity identity, ReadApiIdentity(words.id));
  GUSU_ASSIGN_OR_RETURN(const std::string answer, SignedResponse(words));
  const auto client_nonce = Base64Decode(words.client_nonce);
  if (!client_nonce.has_value()) return ApiMalformed("cnonce", "is not base64");
  const std::string source = AddressGroup(peer);
  GUSU_RETURN_IF_ERROR(CheckGuessesLeft(source));
  GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
  const handle::ChallengeAnswerRequest proof{words.type, {identity.handle, identity.index}, answer};
  auto caller = CheckProof(*view, *core_.rules().vault, {*nonce, *client_nonce}, proof, Decoy(),
                           peer, clock_());
  if (!caller.ok()) return CountGuess(source, caller.status());
  caller->door = Door::kHttp;
  sessions_.SetOwner(words.session_id,
                     {identity.handle, identity.index, caller->proof_key, caller->proof_revision});
  return Administrator{*std::move(caller), identity.handle, identity.index};
}

absl::StatusOr<Administrator> ApiAuthentication::OwnerOf(const std::string& session_id,
                                                         const std::string& peer) {
  const auto owner = sessions_.OwnerOf(session_id);
  if (!owner.has_value()) {
    if (!sessions_.NonceOf(session_id).has_value()) return SessionExpired();
    Administrator nobody;
    nobody.caller.door = Door::kHttp;
    nobody.caller.peer = peer;
    return nobody;
  }
  GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
  HandleKey key;
  key.row_key = owner->row_key;
  key.revision = owner->revision;
  GUSU_ASSIGN_OR_RETURN(
      Caller caller, AuthenticateHandle(*view, {owner->handle, owner->index}, key, peer, clock_()));
  caller.door = Door::kHttp;
  return Administrator{std::move(caller), owner->handle, owner->index};
}

absl::StatusOr<bool> ApiAuthentication::IsAnswerOfIdentity(
    const handle::VerifyChallengeRequest& request, const std::string& peer) {
  const std::string source = AddressGroup(peer);
  GUSU_RETURN_IF_ERROR(CheckGuessesLeft(source));
  GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
  auto is_right = gusu::server::IsAnswerOfIdentity(*view, *core_.rules().vault, request, clock_());
  if (!is_right.ok() || !*is_right) guesses_.Count(source);
  return is_right;
}

const handle::PublicKey& ApiAuthentication::Decoy() const {
  if (const HandleSite* site = core_.rules().handle_site) return site->key().public_key();
  static const handle::PrivateKey kMade = handle::PrivateKey::GenerateRsa(kDecoyKeyBits);
  return kMade.public_key();
}

absl::Status ApiAuthentication::CheckGuessesLeft(const std::string& source) const {
  if (guesses_.HasLeft(source)) return absl::OkStatus();
  return Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
               "too many wrong answers from this address; wait a minute",
               {{"retry_after_ms", "60000"}});
}

absl::Status ApiAuthentication::CountGuess(const std::string& source, absl::Status status) {
  if (status.code() == absl::StatusCode::kUnauthenticated) guesses_.Count(source);
  return status;
}

}  // namespace gusu::server
