#include "server/credential.h"

#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/handle/key.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/credential_vault.h"
#include "server/resource_fields.h"
#include "server/text_field.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

constexpr size_t kTitleCharactersMax = 200;
constexpr size_t kIdBytes = 8;
constexpr size_t kKeyBitsMin = 2048, kDsaBitsMax = 3072;
constexpr size_t kDsaOrderBitsMin = 224, kDsaOrderBitsMax = 256;
constexpr size_t kSecretBytesMin = 16, kSecretBytesMax = 255;

using storage::v1::CredentialRow;

bool IsOfHandle(v1::Credential::Kind kind) {
  return kind == v1::Credential::HS_PUBKEY || kind == v1::Credential::HS_SECKEY;
}

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

std::string IdFrom(std::string_view domain, std::string_view bytes) {
  const Hash hash = Sha256({domain, bytes});
  return HexEncode(AsBytes(hash).substr(0, kIdBytes));
}

absl::Status CheckOnlyOf(std::string_view value, std::string_view field, std::string_view kind) {
  if (value.empty()) return absl::OkStatus();
  return FieldInvalid(field, Concat(value.size(), " bytes"),
                      Concat("it is only for credentials of kind ", kind));
}

absl::Status ReadToken(const v1::Credential& credential, const GivenSecret& given,
                       CredentialRow* row) {
  GUSU_RETURN_IF_ERROR(CheckOnlyOf(given.public_key, "public_key", "HS_PUBKEY"));
  GUSU_RETURN_IF_ERROR(CheckOnlyOf(given.secret, "secret", "HS_SECKEY"));
  if (!credential.handle_prefix().empty()) {
    return FieldInvalid("credential.handle_prefix", Quote(credential.handle_prefix()),
                        "a token has no Handle identity");
  }
  GUSU_RETURN_IF_ERROR(CheckSha256(given.secret_sha256, "secret_sha256"));
  row->set_secret_sha256(std::string(given.secret_sha256));
  row->set_id(CredentialId(given.secret_sha256));
  return absl::OkStatus();
}

size_t BitsOf(const std::string& number) {
  size_t bits = number.size() * 8;
  for (unsigned mask = 0x80; mask != 0 && bits > 0; mask >>= 1, --bits) {
    if ((static_cast<unsigned char>(number[0]) & mask) != 0) break;
  }
  return bits;
}

// Strong enough: what it is, when it is not.
absl::Status CheckStrength(const handle::KeyRecord& key) {
  const auto refused = [](std::string what) {
    return FieldInvalid("public_key", what,
                        "it must be RSA of 2048 to 8192 bits, or DSA of 2048 to 3072 bits with a "
                        "q of 224 to 256");
  };
  if (key.type == handle::kRsaPublicType) {
    const size_t bits = BitsOf(key.numbers[1]);
    if (bits < kKeyBitsMin) return refused(Concat("RSA of ", bits, " bits"));
    return absl::OkStatus();
  }
  const size_t q_bits = BitsOf(key.numbers[0]), p_bits = BitsOf(key.numbers[1]);
  if (p_bits >= kKeyBitsMin && p_bits <= kDsaBitsMax && q_bits >= kDsaOrderBitsMin &&
      q_bits <= kDsaOrderBitsMax) {
    return absl::OkStatus();
  }
  return refused(Concat("DSA of ", p_bits, " bits with a q of ", q_bits));
}

absl::Status ReadPublicKey(const GivenSecret& given, CredentialRow* row) {
  GUSU_RETURN_IF_ERROR(CheckOnlyOf(given.secret_sha256, "secret_sha256", "TOKEN"));
  GUSU_RETURN_IF_ERROR(CheckOnlyOf(given.secret, "secret", "HS_SECKEY"));
  if (given.public_key.empty()) return FieldMissing("public_key");
  const absl::StatusOr<handle::PublicKey> key = handle::PublicKey::Decode(given.public_key);
  if (!key.ok()) {
    return FieldInvalid("public_key", Concat(given.public_key.size(), " bytes"),
                        StdView(key.status().message()));
  }
  GUSU_RETURN_IF_ERROR(CheckStrength(key->record()));
  row->set_public_key(key->Encode());
  row->set_id(IdFrom("gusu.credential.public_key.v1\n", row->public_key()));
  return absl::OkStatus();
}

// The id and the fingerprint know the secret again; neither tells it to those without the key.
absl::StatusOr<std::string> ReadSecret(const std::string& registrant, const GivenSecret& given,
                                       CredentialVault* vault, CredentialRow* row) {
  GUSU_RETURN_IF_ERROR(CheckOnlyOf(given.secret_sha256, "secret_sha256", "TOKEN"));
  GUSU_RETURN_IF_ERROR(CheckOnlyOf(given.public_key, "public_key", "HS_PUBKEY"));
  if (given.secret.empty()) return FieldMissing("secret");
  if (given.secret.size() < kSecretBytesMin || given.secret.size() > kSecretBytesMax) {
    return FieldInvalid("secret", Concat(given.secret.size(), " bytes"),
                        "it must have 16 to 255 bytes");
  }
  if (vault == nullptr) {
    return Error(absl::StatusCode::kFailedPrecondition, "CREDENTIAL_KEY_UNUSABLE",
                 "this server keeps no secrets", {});
  }
  GUSU_ASSIGN_OR_RETURN(std::string fingerprint, vault->Fingerprint(registrant, given.secret));
  row->set_id(IdFrom("gusu.credential.secret.v1\n", fingerprint));
  return fingerprint;
}

}  // namespace

std::string CredentialId(std::string_view secret_sha256) {
  return IdFrom("gusu.credential.v1\n", secret_sha256);
}

absl::StatusOr<CredentialRow> ReadCredential(const std::string& registrant,
                                             const v1::Credential& credential,
                                             const GivenSecret& given, CredentialVault* vault,
                                             absl::Time now) {
  CredentialRow row;
  row.set_registrant(registrant);
  GUSU_ASSIGN_OR_RETURN(const uint32_t role, ReadRole(registrant.empty(), credential.role()));
  row.set_role(role);
  GUSU_RETURN_IF_ERROR(CheckText(credential.title(), kTitleCharactersMax, "credential.title"));
  row.set_title(credential.title());
  std::string fingerprint;
  switch (credential.kind()) {
    case v1::Credential::KIND_UNSPECIFIED:
    case v1::Credential::TOKEN:
      GUSU_RETURN_IF_ERROR(ReadToken(credential, given, &row));
      break;
    case v1::Credential::HS_PUBKEY:
      GUSU_RETURN_IF_ERROR(ReadPublicKey(given, &row));
      break;
    case v1::Credential::HS_SECKEY: {
      GUSU_ASSIGN_OR_RETURN(fingerprint, ReadSecret(registrant, given, vault, &row));
      break;
    }
    default:
      return FieldInvalid("credential.kind", std::to_string(credential.kind()),
                          "it must be TOKEN, HS_PUBKEY or HS_SECKEY");
  }
  if (IsOfHandle(credential.kind())) {
    row.set_kind(credential.kind());
    if (!credential.handle_prefix().empty()) {
      GUSU_ASSIGN_OR_RETURN(*row.mutable_handle_prefix(), ParsePrefix(credential.handle_prefix()));
    }
  }
  GUSU_ASSIGN_OR_RETURN(const uint64_t expiry, ReadExpiry(credential, now));
  row.set_expire_time_us(expiry);
  // Of what was asked for: the default expiry differs from call to call, and a secret's encryption.
  const Hash digest = Sha256({"gusu.credential.create.v1\n", CanonicalBody(row), fingerprint});
  row.set_create_digest(std::string(AsBytes(digest)));
  if (expiry == 0) {
    row.set_expire_time_us(static_cast<uint64_t>(absl::ToUnixMicros(now + kCredentialLifeDefault)));
  }
  if (fingerprint.empty()) return row;
  const std::string row_key = storage::CredentialKey(registrant, row.id());
  GUSU_ASSIGN_OR_RETURN(auto sealed, vault->Seal(row_key, given.secret));
  row.set_secret_ciphertext(std::move(sealed.ciphertext));
  row.set_secret_commitment(std::move(sealed.commitment));
  return row;
}

bool IsExpired(const storage::v1::CredentialRow& row, absl::Time now) {
  return absl::FromUnixMicros(static_cast<int64_t>(row.expire_time_us())) <= now;
}

}  // namespace gusu::server
