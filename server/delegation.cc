#include "server/delegation.h"

#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/registrar_messages.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using storage::v1::PrefixRow;
using Sites = google::protobuf::RepeatedPtrField<v1::Site>;

constexpr size_t kAddressCharactersMax = 253;
constexpr uint32_t kPortMax = 65535;
constexpr size_t kPublicKeyBytesMax = 1024;

// Letters, digits and what numeric addresses of either kind are written with.
bool IsHost(std::string_view address) {
  return !address.empty() && address.size() <= kAddressCharactersMax &&
         std::all_of(address.begin(), address.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-' || c == ':';
         });
}

bool IsPublicKey(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())), EVP_PKEY_free);
  return key != nullptr && at == end;
}

absl::Status ReadSite(const v1::Site& site, const std::string& field, storage::v1::SiteRow* row) {
  if (site.address().empty()) return FieldMissing(field + ".address");
  if (!IsHost(site.address())) {
    return FieldInvalid(field + ".address", Quote(site.address()),
                        "it must be a host name or a numeric address");
  }
  if (site.protocol() == v1::Site::PROTOCOL_UNSPECIFIED) return FieldMissing(field + ".protocol");
  if (!v1::Site::Protocol_IsValid(site.protocol())) {
    return FieldInvalid(field + ".protocol", std::to_string(site.protocol()),
                        "it must be GRPC, HTTPS, HANDLE_TCP or HANDLE_UDP");
  }
  if (site.port() == 0 || site.port() > kPortMax) {
    return FieldInvalid(field + ".port", std::to_string(site.port()), "it must be 1 to 65535");
  }
  if (site.public_key().size() > kPublicKeyBytesMax ||
      (!site.public_key().empty() && !IsPublicKey(site.public_key()))) {
    return FieldInvalid(field + ".public_key", Concat(site.public_key().size(), " bytes"),
                        Concat("it must be the DER of a SubjectPublicKeyInfo, at most ",
                               kPublicKeyBytesMax, " bytes"));
  }
  row->set_address(site.address());
  row->set_protocol(site.protocol());
  row->set_port(site.port());
  row->set_public_key(site.public_key());
  return absl::OkStatus();
}

void FillReferral(const PrefixRow& row, v1::Referral* referral) {
  referral->set_prefix(Concat("prefixes/", row.prefix()));
  FillSites(row, referral->mutable_sites());
}

}  // namespace

absl::Status ReadSites(const Sites& sites, PrefixRow* row) {
  if (sites.size() > kSitesMax) {
    return FieldInvalid("sites", std::to_string(sites.size()), Concat("at most ", kSitesMax));
  }
  row->clear_sites();
  for (int i = 0; i < sites.size(); ++i) {
    GUSU_RETURN_IF_ERROR(ReadSite(sites[i], Concat("sites[", i, "]"), row->add_sites()));
  }
  return absl::OkStatus();
}

void FillSites(const PrefixRow& row, Sites* sites) {
  for (const storage::v1::SiteRow& site : row.sites()) {
    v1::Site* message = sites->Add();
    message->set_address(site.address());
    message->set_protocol(static_cast<v1::Site::Protocol>(site.protocol()));
    message->set_port(site.port());
    message->set_public_key(site.public_key());
  }
}

absl::Status CheckNotDelegated(const storage::Directory& directory, std::string_view prefix) {
  const auto* covering = directory.FindCoveringPrefix(ToKey(prefix));
  if (covering == nullptr || covering->row->sites().empty()) return absl::OkStatus();
  const std::string& delegated = covering->row->prefix();
  return Error(
      absl::StatusCode::kFailedPrecondition, "PREFIX_DELEGATED",
      Concat("prefix ", delegated, " is delegated: its identifiers are kept elsewhere, at ",
             covering->row->sites(0).address()),
      {{"prefix", delegated}, {"address", covering->row->sites(0).address()}});
}

absl::StatusOr<bool> FindReferral(const storage::View& view, std::string_view prefix_key,
                                  uint64_t as_of, v1::Referral* referral) {
  const storage::Directory& directory = view.directory();
  // The longest prefix that was granted then; one that is granted never goes away.
  for (std::string key(prefix_key); !key.empty();
       key.resize(key.find('.') == key.npos ? 0 : key.rfind('.'))) {
    const auto* entry = directory.FindPrefix(key);
    if (entry == nullptr) continue;
    if (entry->revision <= as_of) {
      if (entry->row->sites().empty()) return false;
      FillReferral(*entry->row, referral);
      return true;
    }
    GUSU_ASSIGN_OR_RETURN(const auto stored, view.GetAsOf(storage::PrefixKey(key), as_of));
    if (!stored.has_value()) continue;
    GUSU_ASSIGN_OR_RETURN(const auto row, PayloadOf<PrefixRow>(*stored));
    if (row.sites().empty()) return false;
    FillReferral(row, referral);
    return true;
  }
  return false;
}

}  // namespace gusu::server
