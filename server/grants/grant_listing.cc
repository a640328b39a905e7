// Grants' part on listing them.
#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/grant.pb.h"
#include "proto/status_macros.h"
#include "server/access.h"
#include "server/grants/grant_message.h"
#include "server/grants/grants.h"
#include "server/page.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"

namespace gusu::server {
namespace {

using storage::v1::GrantRow;

// Whether a grant is given to a registrant, by name, through a group or by its organisation code.
bool IsGivenTo(const storage::Directory& directory, const std::string& registrant,
               const GrantRow& grant) {
  if (!grant.grantee().empty()) return grant.grantee() == registrant;
  if (!grant.group().empty()) {
    const auto* group = directory.FindGroup(grant.grantor(), grant.group());
    if (group == nullptr) return false;
    const auto& members = group->row->members();
    return std::binary_search(members.begin(), members.end(), registrant);
  }
  const auto* entry = directory.FindRegistrant(registrant);
  if (entry == nullptr) return false;
  const storage::v1::RegistrantRow& row = *entry->row;
  const bool is_approved =
      row.state() == v1::Registrant::ACTIVE || row.state() == v1::Registrant::SUSPENDED;
  return is_approved && row.organization_code_scheme() == grant.organization_code_scheme() &&
         row.organization_code_authority() == grant.organization_code_authority() &&
         row.organization_code() == grant.organization_code();
}

}  // namespace

absl::Status Grants::ListGrants(const v1::ListGrantsRequest& request, const Caller& caller,
                                v1::ListGrantsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListGrants, caller));
  std::string grantor;
  if (!request.parent().empty()) {
    GUSU_ASSIGN_OR_RETURN(grantor, ParseRegistrantName(request.parent(), "parent"));
  } else if (caller.is_bureau()) {
    return FieldMissing("parent");
  }
  const bool shows_all = caller.is_bureau() || caller.registrant == grantor;
  const PageScope scope("ListGrants", {grantor, shows_all ? "" : caller.registrant});
  Page page(scope,
            grantor.empty() ? std::string(1, storage::kGrantTable) : storage::GrantKey(grantor, ""),
            request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  const storage::Directory& directory = view->directory();
  if (!grantor.empty()) GUSU_RETURN_IF_ERROR(RequireRegistrant(directory, grantor).status());
  const absl::Time now = clock_();
  const auto take = [&](std::string_view, const storage::Row& stored) -> absl::StatusOr<bool> {
    GUSU_ASSIGN_OR_RETURN(const auto row, PayloadOf<GrantRow>(stored));
    if (!shows_all && !IsGivenTo(directory, caller.registrant, row)) return false;
    v1::Grant* shown = response->add_grants();
    GUSU_RETURN_IF_ERROR(FillGrant(*view, row, stored.revision, now, shown));
    page.AddBytes(shown->ByteSizeLong());
    return true;
  };
  GUSU_RETURN_IF_ERROR(page.Scan(*view, take));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

}  // namespace gusu::server
