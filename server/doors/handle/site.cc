#include "server/doors/handle/site.h"

#include <arpa/inet.h>

#include "absl/strings/str_cat.h"
#include "proto/handle/message.h"
#include "proto/handle/site.h"
#include "proto/status_macros.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr uint32_t kServerId = 1;

handle::Site SiteOf(const HandleSite::Description& description, const handle::PrivateKey& key) {
  handle::Site site;
  site.attributes.emplace_back("desc", description.name);
  handle::SiteServer server;
  server.id = kServerId;
  server.public_key = key.public_key().Encode();
  const uint32_t port = description.addresses.front().port;
  const uint8_t over_tcp = description.administration
                               ? handle::kAdminInterface | handle::kQueryInterface
                               : handle::kQueryInterface;
  server.interfaces = {{over_tcp, handle::Transport::kTcp, port},
                       {handle::kQueryInterface, handle::Transport::kUdp, port}};
  server.address = SiteAddress(description.addresses.front().host).value_or(server.address);
  for (size_t i = 1; i < description.addresses.size(); ++i) {
    site.attributes.emplace_back(handle::AlternativeAddressAttribute(kServerId),
                                 description.addresses[i].host);
  }
  site.servers.push_back(std::move(server));
  return site;
}

// After the last serial comes the first: kSiteSerialUnknown is none.
uint16_t SerialAfter(uint16_t serial) {
  return serial >= handle::kSiteSerialUnknown - 1 ? 1 : static_cast<uint16_t>(serial + 1);
}

}  // namespace

absl::StatusOr<HandleSite> HandleSite::Make(const Description& description, handle::PrivateKey key,
                                            const std::string& path) {
  handle::Site site = SiteOf(description, key);
  absl::StatusOr<std::string> kept = absl::NotFoundError("");
  if (!path.empty()) kept = ReadPrivateFile(path);
  if (!kept.ok() && !absl::IsNotFound(kept.status())) return kept.status();
  if (kept.ok()) {
    const absl::StatusOr<handle::Site> before = handle::DecodeSite(*kept);
    if (!before.ok()) {
      return absl::FailedPreconditionError(absl::StrCat(
          path, " does not hold an HS_SITE record; the serial in it must not go back"));
    }
    site.serial = before->serial;
    if (site != *before) site.serial = SerialAfter(before->serial);
  }
  std::string bytes = handle::EncodeSite(site);
  if (!path.empty() && (!kept.ok() || *kept != bytes)) {
    GUSU_RETURN_IF_ERROR(WritePrivateFile(path, bytes));
  }
  return HandleSite(std::move(bytes), site.serial, std::move(key));
}

std::optional<std::array<uint8_t, 16>> SiteAddress(const std::string& text) {
  std::array<uint8_t, 16> address{};
  if (inet_pton(AF_INET, text.c_str(), address.data() + 12) == 1) return address;
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

}  // namespace gusu::server
