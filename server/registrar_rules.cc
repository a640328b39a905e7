#include "server/registrar_rules.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/resource_fields.h"

namespace gusu::server {

absl::StatusOr<const storage::Directory::RegistrantEntry*> RequireRegistrant(
    const storage::Directory& directory, std::string_view id) {
  const auto* registrant = directory.FindRegistrant(id);
  if (registrant != nullptr) return registrant;
  return Error(absl::StatusCode::kNotFound, "REGISTRANT_NOT_FOUND",
               Concat("registrant ", id, " does not exist"), {{"registrant", RegistrantName(id)}});
}

absl::Status CheckIsActive(std::string_view id, const storage::v1::RegistrantRow& row) {
  if (row.state() == v1::Registrant::ACTIVE) return absl::OkStatus();
  const std::string& state =
      v1::Registrant::State_Name(static_cast<v1::Registrant::State>(row.state()));
  return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_NOT_ACTIVE",
               Concat("registrant ", id, " is ", state, ", not ACTIVE"),
               {{"registrant", RegistrantName(id)}, {"state", state}});
}

absl::Status CheckMaySee(const Caller& caller, std::string_view registrant) {
  if (caller.is_bureau()) return absl::OkStatus();
  if (!caller.registrant.empty() && caller.registrant == registrant) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "NOT_OWN_REGISTRANT",
               Concat("the credential is not one of ", RegistrantName(registrant)),
               {{"registrant", RegistrantName(registrant)}});
}

}  // namespace gusu::server
