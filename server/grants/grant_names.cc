#include "server/grants/grant_names.h"

#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"

namespace gusu::server {
namespace {

constexpr std::string_view kGrants = "/grants/";
constexpr std::string_view kGroups = "/groups/";

absl::StatusOr<OwnedPath> ParseOwned(std::string_view name, std::string_view collection,
                                     std::string_view field) {
  if (name.empty()) return FieldMissing(field);
  const size_t middle = name.find(collection);
  if (middle == name.npos) {
    return FieldInvalid(field, name, Concat("it must be registrants/{id}", collection, "{id}"));
  }
  OwnedPath path;
  GUSU_ASSIGN_OR_RETURN(path.registrant, ParseRegistrantName(name.substr(0, middle), field));
  path.id = name.substr(middle + collection.size());
  GUSU_RETURN_IF_ERROR(CheckRegistrantId(path.id, field));
  return path;
}

}  // namespace

absl::StatusOr<OwnedPath> ParseGrantName(std::string_view name, std::string_view field) {
  return ParseOwned(name, kGrants, field);
}

absl::StatusOr<OwnedPath> ParseGroupName(std::string_view name, std::string_view field) {
  return ParseOwned(name, kGroups, field);
}

std::string GrantName(std::string_view registrant, std::string_view id) {
  return Concat(RegistrantName(registrant), kGrants, id);
}

std::string GroupName(std::string_view registrant, std::string_view id) {
  return Concat(RegistrantName(registrant), kGroups, id);
}

}  // namespace gusu::server
