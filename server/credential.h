// A credential as it is asked for: what is checked and filled in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gusu::storage::v1 {
class CredentialRow;
}
namespace gusu::v1 {
class Credential;
}

namespace gusu::server {

class CredentialVault;

inline constexpr absl::Duration kCredentialLifeDefault = absl::Hours(365 * 24);
inline constexpr absl::Duration kCredentialLifeMax = absl::Hours(5 * 366 * 24);

// What a credential is made for: one of them, by its kind.
struct GivenSecret {
  std::string_view secret_sha256;
  std::string_view public_key;
  std::string_view secret;
};

// The id of the credential for a token: hexadecimal digits that do not tell the token's hash.
std::string CredentialId(std::string_view secret_sha256);

// The row for `registrant`, empty for the bureau, with defaults filled in, but for its Handle
// identity (server/handle_identity.h): handle_prefix is what was asked for. kInvalidArgument /
// FIELD_MISSING or FIELD_INVALID names the field: a role that is not of the parent's kind, an
// expiry that is past or beyond kCredentialLifeMax, a long title, a hash that is none, a key that
// is weak or no key, a short or long secret, or one that is not of the kind. Secrets go through the
// vault, whose errors are returned; nullptr keeps none.
absl::StatusOr<storage::v1::CredentialRow> ReadCredential(const std::string& registrant,
                                                          const v1::Credential& credential,
                                                          const GivenSecret& given,
                                                          CredentialVault* vault, absl::Time now);

bool IsExpired(const storage::v1::CredentialRow& row, absl::Time now);

}  // namespace gusu::server
