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

inline constexpr absl::Duration kCredentialLifeDefault = absl::Hours(365 * 24);
inline constexpr absl::Duration kCredentialLifeMax = absl::Hours(5 * 366 * 24);

// The id of the credential for a secret: hexadecimal digits that do not tell the secret's hash.
std::string CredentialId(std::string_view secret_sha256);

// The row for `registrant`, empty for the bureau, with defaults filled in. kInvalidArgument /
// FIELD_MISSING or FIELD_INVALID names the field: a role that is not of the parent's kind, an
// expiry that is past or beyond kCredentialLifeMax, a long title, a hash that is none.
absl::StatusOr<storage::v1::CredentialRow> ReadCredential(const std::string& registrant,
                                                          const v1::Credential& credential,
                                                          const std::string& secret_sha256,
                                                          absl::Time now);

bool IsExpired(const storage::v1::CredentialRow& row, absl::Time now);

}  // namespace gusu::server
