#include "server/doors/handle/referral_sites.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "gusu/v1/resources.pb.h"
#include "proto/handle/key_record.h"
#include "proto/handle/site.h"
#include "server/doors/handle/site.h"

namespace gusu::server {
namespace {

std::optional<handle::SiteInterface> InterfaceOf(const v1::Site& server) {
  constexpr uint8_t kBoth = handle::kAdminInterface | handle::kQueryInterface;
  switch (server.protocol()) {
    case v1::Site::HANDLE_TCP:
      return handle::SiteInterface{kBoth, handle::Transport::kTcp, server.port()};
    case v1::Site::HANDLE_UDP:
      return handle::SiteInterface{handle::kQueryInterface, handle::Transport::kUdp, server.port()};
    case v1::Site::HTTPS:
      return handle::SiteInterface{kBoth, handle::Transport::kHttps, server.port()};
    default:
      return std::nullopt;
  }
}

// HS_PUBKEY of a SubjectPublicKeyInfo; empty for a key that is not RSA, which no client could use.
std::string HandleKeyOf(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      der.empty() ? nullptr : d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())),
      EVP_PKEY_free);
  if (key == nullptr || !EVP_PKEY_is_a(key.get(), "RSA")) return {};
  handle::KeyRecord record;
  record.type = handle::kRsaPublicType;
  for (const char* name : {OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_N}) {
    BIGNUM* taken = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), name, &taken) != 1) return {};
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(taken, BN_free);
    std::string octets(static_cast<size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(octets.data()));
    record.numbers.push_back(std::move(octets));
  }
  return handle::EncodeKeyRecord(record);
}

}  // namespace

std::vector<std::string> ReferralSites(
    const google::protobuf::RepeatedPtrField<v1::Site>& servers) {
  std::vector<handle::SiteServer> found;
  for (const v1::Site& server : servers) {
    const auto address = SiteAddress(server.address());
    const auto interface = InterfaceOf(server);
    if (!address.has_value() || !interface.has_value()) continue;
    const std::string key = HandleKeyOf(server.public_key());
    const auto same = std::find_if(found.begin(), found.end(), [&](const auto& other) {
      return other.address == *address && other.public_key == key;
    });
    handle::SiteServer& entry = same == found.end() ? found.emplace_back() : *same;
    entry.address = *address;
    entry.public_key = key;
    entry.interfaces.push_back(*interface);
  }
  std::vector<std::string> sites;
  for (handle::SiteServer& server : found) {
    handle::Site site;
    site.servers.push_back(std::move(server));
    sites.push_back(handle::EncodeSite(site));
  }
  return sites;
}

}  // namespace gusu::server
