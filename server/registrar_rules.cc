#include "server/registrar_rules.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/write_scope.h"

namespace gusu::server {

absl::Status RegistrantNotFound(std::string_view id) {
  return Error(absl::StatusCode::kNotFound, "REGISTRANT_NOT_FOUND",
               Concat("registrant ", id, " does not exist"), {{"registrant", RegistrantName(id)}});
}

absl::StatusOr<const storage::Directory::RegistrantEntry*> RequireRegistrant(
    const storage::Directory& directory, std::string_view id) {
  if (const auto* registrant = directory.FindRegistrant(id)) return registrant;
  return RegistrantNotFound(id);
}

absl::StatusOr<const storage::Directory::PrefixEntry*> RequirePrefix(
    const storage::Directory& directory, std::string_view prefix) {
  if (const auto* granted = directory.FindPrefix(ToKey(prefix))) return granted;
  return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
               Concat("prefix ", prefix, " is not granted"), {{"prefix", std::string(prefix)}});
}

absl::StatusOr<std::string> ParsePrefixName(std::string_view name, std::string_view field) {
  constexpr std::string_view kPrefixes = "prefixes/";
  if (name.empty()) return FieldMissing(field);
  if (name.substr(0, kPrefixes.size()) != kPrefixes) {
    return FieldInvalid(field, Quote(name), "it must be prefixes/{prefix}");
  }
  return ParsePrefix(name.substr(kPrefixes.size()));
}

absl::Status CheckIsActive(std::string_view id, const storage::v1::RegistrantRow& row) {
  if (row.state() == v1::Registrant::ACTIVE) return absl::OkStatus();
  const std::string& state =
      v1::Registrant::State_Name(static_cast<v1::Registrant::State>(row.state()));
  return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_NOT_ACTIVE",
               Concat("registrant ", id, " is ", state, ", not ACTIVE"),
               {{"registrant", RegistrantName(id)}, {"state", state}});
}

absl::Status CheckMayHoldPrefix(const storage::Directory& directory, const std::string& id,
                                Change* change) {
  GUSU_ASSIGN_OR_RETURN(const auto* holder, RequireRegistrant(directory, id));
  GUSU_RETURN_IF_ERROR(CheckIsActive(id, *holder->row));
  if (holder->row->kind() == v1::Registrant::PARTNER) {
    return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_IS_PARTNER",
                 Concat("registrant ", id, " is a PARTNER, which holds no prefix"),
                 {{"registrant", RegistrantName(id)}});
  }
  change->preconditions.push_back(AtRevision(storage::RegistrantKey(id), holder->revision));
  return absl::OkStatus();
}

bool IsApproved(const storage::v1::RegistrantRow& row) {
  return row.state() == v1::Registrant::ACTIVE || row.state() == v1::Registrant::SUSPENDED ||
         row.state() == v1::Registrant::CLOSED;
}

absl::Status CheckMaySee(const Caller& caller, std::string_view registrant) {
  if (caller.is_bureau()) return absl::OkStatus();
  if (!caller.registrant.empty() && caller.registrant == registrant) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "NOT_OWN_REGISTRANT",
               Concat("the credential is not one of ", RegistrantName(registrant)),
               {{"registrant", RegistrantName(registrant)}});
}

absl::StatusOr<Acting> ActingAs(const Caller& caller, const v1::OnBehalfOf& on_behalf_of,
                                const std::string& reason) {
  GUSU_RETURN_IF_ERROR(CheckReason(reason, false));
  if (caller.is_bureau() && on_behalf_of.registrant().empty()) return ActingBureau(reason);
  GUSU_ASSIGN_OR_RETURN(Acting acting, ActingFor(caller, on_behalf_of));
  if (!reason.empty()) acting.reason = reason;
  return acting;
}

Acting ActingBureau(const std::string& reason) {
  Acting acting;
  acting.actor = kBureauActor;
  acting.reason = reason;
  return acting;
}

absl::Status CheckEtag(std::string_view kind, std::string_view name, std::string_view given,
                       uint64_t revision) {
  const std::string etag = EtagOf(revision);
  if (given.empty() || given == etag) return absl::OkStatus();
  return Error(
      absl::StatusCode::kAborted, "ETAG_MISMATCH", Concat(name, " has changed: its etag is ", etag),
      {{std::string(kind), std::string(name)}, {"etag", etag}, {"given", std::string(given)}});
}

absl::StatusOr<bool> WasLast(const storage::View& view, uint64_t leaf_index, Operation operation,
                             const Acting& acting) {
  GUSU_ASSIGN_OR_RETURN(const Change last, view.ReadChange(leaf_index));
  return last.operation == operation && last.actor == acting.actor &&
         last.on_behalf_of == acting.on_behalf_of && last.reason == acting.reason;
}

}  // namespace gusu::server
