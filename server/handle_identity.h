// The identities that Handle clients authenticate as: index and handle, as in 300:88.118.8/ADMIN.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class CredentialRow;
}

namespace gusu::server {

class CredentialVault;

inline constexpr uint32_t kHandleIndexFirst = 300;
// After the prefix, in the handle of every identity.
inline constexpr std::string_view kHandleOfIdentities = "/ADMIN";

// 300:88.118.8/ADMIN; empty of a token.
std::string HandleIdentityName(const storage::v1::CredentialRow& row);

// Of the node itself, below which the bureau's identities are.
bool IsNodePrefix(const storage::Directory& directory, std::string_view prefix_key);

// Gives the row the next index below its prefix, or below the registrant's first one in the order
// of prefixes when none was asked for; the bureau's below the node's. What that rests on becomes a
// precondition. kInvalidArgument / FIELD_INVALID when it is not the registrant's, retired or
// delegated, or when there is none.
absl::Status AssignHandleIdentity(const storage::View& view, storage::v1::CredentialRow* row,
                                  Change* change);

// Whom a proof claims to come from: index and handle as sent.
struct HandleIdentity {
  std::string_view handle;
  uint32_t index = 0;
};

// What an identity's proof is checked with.
struct HandleKey {
  enum class Kind { kPublicKey, kSecret };
  Kind kind = Kind::kPublicKey;
  // The bytes of its HS_PUBKEY value, or the secret.
  std::string bytes;
  // The credential's row when it was read.
  std::string row_key;
  uint64_t revision = 0;
};

// kUnauthenticated / CREDENTIAL_INVALID for an identity that is unknown, revoked, expired, a closed
// registrant's, below a prefix that its registrant does not hold any more, or whose secret cannot
// be read (which is logged): which of them is not said.
absl::StatusOr<HandleKey> FindHandleKey(const storage::View& view, CredentialVault& vault,
                                        const HandleIdentity& identity, absl::Time now);

// The caller that proved to have `key`, as of now. To be called only after the proof was verified.
// kUnauthenticated / CREDENTIAL_INVALID when the credential is no more what it was.
absl::StatusOr<Caller> AuthenticateHandle(const storage::View& view, const HandleIdentity& identity,
                                          const HandleKey& key, const std::string& peer,
                                          absl::Time now);

// The credentials whose keys stand at {prefix}/ADMIN now: of its holder, neither revoked nor
// expired, in the order of their indexes; valid as long as the view. For the bureau's, the prefix
// is one of the node's.
std::vector<const storage::Directory::CredentialEntry*> LiveHandleCredentials(
    const storage::View& view, std::string_view prefix_key, absl::Time now);

}  // namespace gusu::server
