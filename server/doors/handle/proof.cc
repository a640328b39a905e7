#include "server/doors/handle/proof.h"

#include "proto/status_macros.h"
#include "server/access.h"
#include "server/handle_identity.h"

namespace gusu::server {
namespace {

// Compared with where there is no secret. What it is does not matter: the outcome is not used.
constexpr std::string_view kDecoySecret = "no identity has this secret";

absl::StatusOr<bool> IsAnswerOf(const HandleKey& key, const handle::Challenge& challenge,
                                std::string_view answer) {
  if (key.kind == HandleKey::Kind::kSecret) {
    return handle::IsAnswerOfSecret(challenge, answer, key.bytes);
  }
  GUSU_ASSIGN_OR_RETURN(const handle::PublicKey public_key, handle::PublicKey::Decode(key.bytes));
  return handle::IsAnswerOfKey(challenge, answer, public_key);
}

}  // namespace

absl::StatusOr<Caller> CheckProof(const storage::View& view, CredentialVault& vault,
                                  const handle::Challenge& challenge,
                                  const handle::ChallengeAnswerRequest& answer,
                                  const handle::PublicKey& decoy, const std::string& peer,
                                  absl::Time now) {
  const bool by_secret = answer.authentication_type == handle::kSecretKeyType;
  if (!by_secret && answer.authentication_type != handle::kPublicKeyType) {
    return CredentialInvalid();
  }
  const HandleIdentity identity{answer.user.handle, answer.user.index};
  const auto key = FindHandleKey(view, vault, identity, now);
  if (!key.ok() || (key->kind == HandleKey::Kind::kSecret) != by_secret) {
    const auto unused =
        by_secret ? handle::IsAnswerOfSecret(challenge, answer.signed_response, kDecoySecret)
                  : handle::IsAnswerOfKey(challenge, answer.signed_response, decoy);
    return unused.ok() ? CredentialInvalid() : unused.status();
  }
  GUSU_ASSIGN_OR_RETURN(const bool is_right, IsAnswerOf(*key, challenge, answer.signed_response));
  if (!is_right) return CredentialInvalid();
  return AuthenticateHandle(view, identity, *key, peer, now);
}

absl::StatusOr<bool> IsAnswerOfIdentity(const storage::View& view, CredentialVault& vault,
                                        const handle::VerifyChallengeRequest& request,
                                        absl::Time now) {
  const auto key = FindHandleKey(view, vault, {request.key.handle, request.key.index}, now);
  const bool has_secret = key.ok() && key->kind == HandleKey::Kind::kSecret;
  GUSU_ASSIGN_OR_RETURN(
      const bool is_right,
      handle::IsAnswerOfSecret({request.nonce, request.digest}, request.signed_response,
                               has_secret ? std::string_view(key->bytes) : kDecoySecret));
  return is_right && has_secret;
}

}  // namespace gusu::server
