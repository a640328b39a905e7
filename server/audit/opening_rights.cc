#include "server/audit/opening_rights.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/identifier.h"
#include "server/resource_fields.h"

namespace gusu::server {

std::string_view PrefixOfResource(std::string_view resource) {
  constexpr std::string_view kPrefixes = "prefixes/";
  if (resource.substr(0, kPrefixes.size()) != kPrefixes) return {};
  const std::string_view rest = resource.substr(kPrefixes.size());
  return rest.substr(0, rest.find('/'));
}

bool MayOpen(const Caller& caller, const Change& change, const storage::Directory& directory) {
  if (caller.is_bureau()) return true;
  if (caller.registrant.empty()) return false;
  if (caller.role == Role::kApplicant) return change.resource == RegistrantName(caller.registrant);
  if (change.registrant == caller.registrant) return true;
  const std::string_view prefix = PrefixOfResource(change.resource);
  const auto* granted = prefix.empty() ? nullptr : directory.FindPrefix(ToKey(prefix));
  return granted != nullptr && granted->row->holder() == caller.registrant;
}

}  // namespace gusu::server
