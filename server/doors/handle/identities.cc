#include "server/doors/handle/identities.h"

#include "absl/time/clock.h"
#include "gusu/storage/v1/storage.pb.h"
#include "server/handle_identity.h"

namespace gusu::server {

std::vector<IdentityKey> CredentialIdentities::Find(const storage::View& view,
                                                    std::string_view prefix_key) const {
  std::vector<IdentityKey> keys;
  for (const auto* entry : LiveHandleCredentials(view, prefix_key, absl::Now())) {
    const storage::v1::CredentialRow& row = *entry->row;
    const uint64_t made = row.create_revision() == 0 ? entry->revision : row.create_revision();
    keys.push_back({row.handle_index(), row.public_key(), static_cast<int64_t>(made / 1'000'000)});
  }
  return keys;
}

}  // namespace gusu::server
