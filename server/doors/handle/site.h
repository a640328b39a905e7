// HS_SITE of this server: where it listens and with which key it signs, as clients are told.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/handle/key.h"
#include "server/config.h"

namespace gusu::server {

// Does not change; may be used from any thread.
class HandleSite {
 public:
  struct Description {
    // Numeric; at most one of IPv4 and one of IPv6, of the same port.
    std::vector<ListenAddress> addresses;
    std::string name;  // shown as the site's description
    bool administration = false;
  };

  // The serial counts up when the site says something else than the file at `path` kept, which is
  // replaced then. An empty path: in memory only, serial 1. kFailedPrecondition for a file that
  // cannot be read or written.
  static absl::StatusOr<HandleSite> Make(const Description& description, handle::PrivateKey key,
                                         const std::string& path);

  const std::string& bytes() const { return bytes_; }
  uint16_t serial() const { return serial_; }
  const handle::PrivateKey& key() const { return key_; }

 private:
  HandleSite(std::string bytes, uint16_t serial, handle::PrivateKey key)
      : bytes_(std::move(bytes)), serial_(serial), key_(std::move(key)) {}

  std::string bytes_;
  uint16_t serial_;
  handle::PrivateKey key_;
};

// As HS_SITE has it: IPv6, or twelve zero bytes and IPv4. nullopt for a text that is no numeric
// address.
std::optional<std::array<uint8_t, 16>> SiteAddress(const std::string& text);

}  // namespace gusu::server
