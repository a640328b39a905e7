#include "server/audit/opening_rights.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
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
  if (caller.is_bureau() || change.operation == Operation::kInitialize) return true;
  const std::string_view name = PrefixOfResource(change.resource);
  const auto* prefix = name.empty() ? nullptr : directory.FindPrefix(ToKey(name));
  const bool is_open = prefix != nullptr && prefix->row->disclosure() == v1::Prefix::OPEN;
  if (is_open && change.operation != Operation::kRead) return true;
  if (caller.registrant.empty()) return false;
  if (caller.role == Role::kApplicant) return change.resource == RegistrantName(caller.registrant);
  const std::string own = RegistrantName(caller.registrant);
  if (change.registrant == caller.registrant || change.actor == own || change.on_behalf_of == own) {
    return true;
  }
  return prefix != nullptr && prefix->row->holder() == caller.registrant;
}

}  // namespace gusu::server
