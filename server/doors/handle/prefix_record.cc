#include "server/doors/handle/prefix_record.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/handle/admin_value.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/delegation.h"
#include "server/doors/handle/referral_sites.h"
#include "server/doors/handle/site.h"
#include "server/handle_identity.h"

namespace gusu::server {
namespace {

constexpr std::string_view kPrefixOfPrefixes = "0.NA/";
constexpr uint32_t kSiteIndex = 3;
constexpr uint32_t kNamespaceIndex = 4;
constexpr uint32_t kServiceIndex = 5;
constexpr uint32_t kFurtherSitesIndex = 10;
constexpr uint32_t kAdminIndex = 100;
constexpr uint32_t kAdminKeyIndex = 300;
constexpr std::string_view kNamespace = "<namespace></namespace>";

int64_t Seconds(uint64_t revision) { return static_cast<int64_t>(revision / 1'000'000); }

void AddSites(const storage::v1::PrefixRow* row, int64_t time_s, const HandleSite* site,
              ValueList* values) {
  if (row == nullptr || row->sites().empty()) {
    if (site != nullptr) values->AddMade(kSiteIndex, time_s, "HS_SITE", site->bytes());
    return;
  }
  google::protobuf::RepeatedPtrField<v1::Site> servers;
  FillSites(*row, &servers);
  uint32_t index = kSiteIndex;
  for (std::string& bytes : ReferralSites(servers)) {
    values->AddMade(index, time_s, "HS_SITE", std::move(bytes));
    index = index == kSiteIndex ? kFurtherSitesIndex : index + 1;
  }
}

}  // namespace

std::optional<std::string_view> PrefixOfPrefixHandle(std::string_view handle) {
  const std::string_view beginning = handle.substr(0, kPrefixOfPrefixes.size());
  if (ToKey(beginning) != kPrefixOfPrefixes) return std::nullopt;
  return handle.substr(kPrefixOfPrefixes.size());
}

std::string PrefixHandle(std::string_view prefix) { return Concat(kPrefixOfPrefixes, prefix); }

bool FillPrefixRecord(const storage::View& view, std::string_view prefix, const HandleSite* site,
                      const std::string& service, ValueList* values) {
  const storage::Directory& directory = view.directory();
  const std::string key = ToKey(prefix);
  const storage::Directory::PrefixEntry* entry = directory.FindPrefix(key);
  if (entry == nullptr && !IsNodePrefix(directory, key)) return false;
  const storage::v1::PrefixRow* row = entry == nullptr ? nullptr : entry->row.get();
  const int64_t time_s =
      Seconds(entry == nullptr ? directory.settings()->revision : entry->revision);
  AddSites(row, time_s, site, values);
  values->AddMade(kNamespaceIndex, time_s, "HS_NAMESPACE", std::string(kNamespace));
  if (!service.empty()) values->AddMade(kServiceIndex, time_s, "HS_SERV", service);
  if (row == nullptr) return true;
  const std::string administrator = Concat(row->prefix(), "/ADMIN");
  values->AddMade(kAdminIndex, time_s, "HS_ADMIN",
                  handle::EncodeAdminValue({handle::kAllRights, {administrator, kAdminKeyIndex}}));
  return true;
}

}  // namespace gusu::server
