#include "tests/server/grants_world.h"

#include "gusu/v1/grant.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/identifier.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

storage::v1::RegistrantRow Named(const std::string& name, v1::Registrant::Kind kind) {
  storage::v1::RegistrantRow row;
  row.set_kind(kind);
  row.set_legal_name(name);
  row.set_state(v1::Registrant::ACTIVE);
  return row;
}

constexpr const char* kValues =
    "values { index: 1 type: \"URL\" data: \"https://pumps.example\" tier: PUBLIC } "
    "values { index: 5 type: \"PRICE\" data: \"12\" tier: PARTNER } "
    "values { index: 6 type: \"COST\" data: \"7\" tier: OWNER }";

}  // namespace

GrantsWorld::GrantsWorld()
    : now_(absl::FromUnixSeconds(1'767'225'600)),
      grants_(&ledger(), nullptr, [this] { return now_; }),
      resolver_(&ledger(), nullptr, [this] { return now_; }),
      bureau_reads_(&ledger(), &resolver_, [this] { return now_; }) {
  storage::v1::RegistrantRow buyer = Named("Suzhou Buyer", v1::Registrant::PARTNER);
  buyer.set_organization_code_scheme(v1::OrganizationCode::OTHER);
  buyer.set_organization_code_authority("X");
  buyer.set_organization_code("7");
  Put(storage::RegistrantKey("sz-buyer"), buyer);
  Put(storage::RegistrantKey("sz-fixer"), Named("Suzhou Fixer", v1::Registrant::ENTERPRISE));
  const std::string name = "values { type: \"name\" data: \"Pump\" }";
  CHECK(Register(Concat("identifier: \"88.118.8/LOT-1\" template: \"product\" ", name, kValues))
            .substr(0, 8) == "CREATED ");
  CHECK(Register(Concat("identifier: \"88.118.8/LOT-2\" ", kValues)).substr(0, 8) == "CREATED ");
}

Caller GrantsWorld::Admin(const std::string& registrant) {
  Caller caller;
  caller.role = Role::kRegistrantAdmin;
  caller.registrant = registrant;
  return caller;
}

Caller GrantsWorld::Bureau(Role role) {
  Caller caller;
  caller.role = role;
  caller.credential = "b1";
  return caller;
}

std::string GrantsWorld::ShowGrant(const v1::Grant& grant) {
  last_grant_ = grant.name();
  return Concat(grant.name().substr(0, grant.name().rfind('/')), "/* ",
                v1::Grant::State_Name(grant.state()));
}

std::string GrantsWorld::Create(const std::string& request, const std::string& by) {
  return CreateAs(Admin(by), request);
}

std::string GrantsWorld::CreateAs(const Caller& caller, const std::string& request) {
  const auto asked = FromText<v1::CreateGrantRequest>(request);
  const auto response = Wait<v1::GrantResponse>(
      [&](Done<v1::GrantResponse> done) { grants_.CreateGrant(asked, caller, std::move(done)); });
  return response.ok() ? ShowGrant(response->grant()) : ShowError(response.status());
}

std::string GrantsWorld::Revoke(const Caller& caller, const std::string& request) {
  const auto asked = FromText<v1::RevokeGrantRequest>(request);
  const auto response = Wait<v1::GrantResponse>(
      [&](Done<v1::GrantResponse> done) { grants_.RevokeGrant(asked, caller, std::move(done)); });
  return response.ok() ? ShowGrant(response->grant()) : ShowError(response.status());
}

namespace {

std::string ShowGroup(const v1::Group& group) {
  std::string shown = Concat(group.name(), " \"", group.title(), "\" ");
  for (const std::string& member : group.members()) {
    if (shown.back() != ' ') shown += ',';
    shown += member.substr(member.find('/') + 1);
  }
  return shown;
}

}  // namespace

std::string GrantsWorld::SetGroup(const Caller& caller, const std::string& request) {
  const auto asked = FromText<v1::SetGroupRequest>(request);
  const auto response = Wait<v1::GroupResponse>(
      [&](Done<v1::GroupResponse> done) { grants_.SetGroup(asked, caller, std::move(done)); });
  return response.ok() ? ShowGroup(response->group()) : ShowError(response.status());
}

std::string GrantsWorld::List(const Caller& caller, const std::string& request) {
  v1::ListGrantsResponse response;
  const absl::Status status =
      grants_.ListGrants(FromText<v1::ListGrantsRequest>(request), caller, &response);
  if (!status.ok()) return ShowError(status);
  std::string shown;
  for (v1::Grant& grant : *response.mutable_grants()) {
    const std::string state = v1::Grant::State_Name(grant.state());
    for (const char* field : {"name", "state", "expire_time", "create_time", "revoke_time"}) {
      grant.GetReflection()->ClearField(&grant, grant.GetDescriptor()->FindFieldByName(field));
    }
    shown += Concat(state, " ", grant.ShortDebugString(), "\n");
  }
  if (!response.next_page_token().empty()) shown += "more";
  return shown;
}

std::string GrantsWorld::ListGroups(const Caller& caller, const std::string& request) {
  v1::ListGroupsResponse response;
  const absl::Status status =
      grants_.ListGroups(FromText<v1::ListGroupsRequest>(request), caller, &response);
  if (!status.ok()) return ShowError(status);
  std::string shown;
  for (const v1::Group& group : response.groups()) shown += ShowGroup(group) + "\n";
  return shown;
}

std::string GrantsWorld::ShowValues(const absl::StatusOr<v1::ResolveResponse>& response) {
  if (!response.ok()) return ShowError(response.status());
  std::string shown;
  for (const v1::Value& value : response->record().values()) shown += value.type() + " ";
  return Concat(shown, "+", response->values_withheld_count(), " withheld");
}

std::string GrantsWorld::Read(const std::string& registrant, const std::string& identifier,
                              const std::string& options) {
  Caller caller;
  caller.role = Role::kReader;
  caller.registrant = registrant;
  const auto request = FromText<v1::ResolveRequest>(
      Concat("identifier: \"", identifier, "\" options { ", options, " }"));
  v1::ResolveResponse response;
  const absl::Status status = resolver_.Resolve(request, caller, &response);
  if (!status.ok()) return ShowError(status);
  return ShowValues(response);
}

void GrantsWorld::PassPrefix(const std::string& holder) {
  storage::v1::PrefixRow row = *View()->directory().FindPrefix("88.118.8")->row;
  row.set_holder(holder);
  row.set_passing_count(row.passing_count() + 1);
  Put(storage::PrefixKey("88.118.8"), row);
}

void GrantsWorld::SetOwner(const std::string& identifier, const std::string& owner,
                           const std::string& custodian) {
  const std::string key = storage::RecordKey(ToKey(identifier));
  const auto stored = View()->Get(key);
  REQUIRE((stored.ok() && stored->has_value()));
  storage::v1::RecordRow row;
  REQUIRE(row.ParseFromString((*stored)->payload));
  if (row.owner() != owner) row.set_passing_count(row.passing_count() + 1);
  row.set_owner(owner);
  row.set_custodian(custodian);
  Put(key, row);
}

}  // namespace gusu::server
