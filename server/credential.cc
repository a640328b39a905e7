#include "server/credential.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/hash.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

constexpr size_t kTitleCharactersMax = 200;
constexpr size_t kIdBytes = 8;

absl::StatusOr<uint32_t> ReadRole(bool of_bureau, v1::Credential::Role role) {
  if (of_bureau) {
    if (role == v1::Credential::BUREAU_ADMIN || role == v1::Credential::BUREAU_AUDITOR) return role;
    return FieldInvalid("credential.role", v1::Credential::Role_Name(role),
                        "of the bureau it must be BUREAU_ADMIN or BUREAU_AUDITOR");
  }
  switch (role) {
    case v1::Credential::ROLE_UNSPECIFIED:
      return v1::Credential::REGISTRANT_WRITER;
    case v1::Credential::REGISTRANT_ADMIN:
    case v1::Credential::REGISTRANT_WRITER:
    case v1::Credential::READER:
      return role;
    default:
      return FieldInvalid(
          "credential.role", v1::Credential::Role_Name(role),
          "of a registrant it must be REGISTRANT_ADMIN, REGISTRANT_WRITER or READER");
  }
}

// Microseconds since 1970 UTC; 0 when none is asked for.
absl::StatusOr<uint64_t> ReadExpiry(const v1::Credential& credential, absl::Time now) {
  if (!credential.has_expire_time()) return 0;
  GUSU_ASSIGN_OR_RETURN(const uint64_t time_us,
                        TimeOf(credential.expire_time(), "credential.expire_time"));
  const absl::Time time = absl::FromUnixMicros(static_cast<int64_t>(time_us));
  if (time > now && time <= now + kCredentialLifeMax) return time_us;
  const std::string text = absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
  return FieldInvalid("credential.expire_time", text,
                      "it must be in the future, and at most five years away");
}

}  // namespace

std::string CredentialId(std::string_view secret_sha256) {
  const Hash hash = Sha256({"gusu.credential.v1\n", secret_sha256});
  return HexEncode(AsBytes(hash).substr(0, kIdBytes));
}

absl::StatusOr<storage::v1::CredentialRow> ReadCredential(const std::string& registrant,
                                                          const v1::Credential& credential,
                                                          const std::string& secret_sha256,
                                                          absl::Time now) {
  storage::v1::CredentialRow row;
  row.set_registrant(registrant);
  GUSU_ASSIGN_OR_RETURN(const uint32_t role, ReadRole(registrant.empty(), credential.role()));
  row.set_role(role);
  GUSU_RETURN_IF_ERROR(CheckText(credential.title(), kTitleCharactersMax, "credential.title"));
  row.set_title(credential.title());
  GUSU_RETURN_IF_ERROR(CheckSha256(secret_sha256, "secret_sha256"));
  row.set_secret_sha256(secret_sha256);
  row.set_id(CredentialId(secret_sha256));
  GUSU_ASSIGN_OR_RETURN(const uint64_t expiry, ReadExpiry(credential, now));
  row.set_expire_time_us(expiry);
  // Of what was asked for: the default expiry differs from call to call.
  const Hash digest = Sha256({"gusu.credential.create.v1\n", CanonicalBody(row)});
  row.set_create_digest(std::string(AsBytes(digest)));
  if (expiry == 0) {
    row.set_expire_time_us(static_cast<uint64_t>(absl::ToUnixMicros(now + kCredentialLifeDefault)));
  }
  return row;
}

bool IsExpired(const storage::v1::CredentialRow& row, absl::Time now) {
  return absl::FromUnixMicros(static_cast<int64_t>(row.expire_time_us())) <= now;
}

}  // namespace gusu::server
