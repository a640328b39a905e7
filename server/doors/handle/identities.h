// Keys of a registrant's credentials, which resolve as values of {prefix}/ADMIN.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/view.h"

namespace gusu::server {

struct IdentityKey {
  uint32_t index = 0;
  std::string public_key;  // HS_PUBKEY's bytes; empty: HS_SECKEY, which nobody is shown
  int64_t time_s = 0;      // when the credential was made
};

class HandleIdentities {
 public:
  virtual ~HandleIdentities() = default;
  // Those that are neither revoked nor expired, by index; none for a prefix that is not granted.
  virtual std::vector<IdentityKey> Find(const storage::View& view,
                                        std::string_view prefix_key) const = 0;
};

// Those of the registry's credentials, as they are now.
class CredentialIdentities final : public HandleIdentities {
 public:
  std::vector<IdentityKey> Find(const storage::View& view,
                                std::string_view prefix_key) const override;
};

}  // namespace gusu::server
