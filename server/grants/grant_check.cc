#include "server/grants/grant_check.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/grant.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/grants/grant_names.h"
#include "server/grants/granted_records.h"
#include "server/grants/grants.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/template.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::GrantRow;

absl::Status CheckGrantee(const storage::Directory& directory, const GrantRow& row,
                          const storage::v1::RegistrantRow& grantor,
                          std::vector<Precondition>* preconditions) {
  if (!row.grantee().empty()) {
    GUSU_ASSIGN_OR_RETURN(const auto* grantee, RequireRegistrant(directory, row.grantee()));
    GUSU_RETURN_IF_ERROR(CheckIsActive(row.grantee(), *grantee->row));
    preconditions->push_back(AtRevision(storage::RegistrantKey(row.grantee()), grantee->revision));
    return absl::OkStatus();
  }
  if (!row.group().empty()) {
    const auto* group = directory.FindGroup(row.grantor(), row.group());
    if (group == nullptr) return GroupNotFound(row.grantor(), row.group());
    preconditions->push_back(
        AtRevision(storage::GroupKey(row.grantor(), row.group()), group->revision));
    return absl::OkStatus();
  }
  const bool is_own = row.organization_code_scheme() == grantor.organization_code_scheme() &&
                      row.organization_code_authority() == grantor.organization_code_authority() &&
                      row.organization_code() == grantor.organization_code();
  if (!is_own) return absl::OkStatus();
  return FieldInvalid("grant.organization_code", row.organization_code(),
                      "it is the grantor's own");
}

absl::Status NotRecordOwner(const Identifier& identifier, const std::string& registrant) {
  return Error(absl::StatusCode::kPermissionDenied, "NOT_RECORD_OWNER",
               Concat("registrant ", registrant, " neither holds the prefix of ",
                      identifier.written(), " nor owns the record"),
               {{"identifier", identifier.written()}, {"registrant", RegistrantName(registrant)}});
}

// Every code was issued, and is the grantor's when its prefix is not. That they are still so is
// looked at whenever the grant is used.
absl::Status CheckRecords(const storage::View& view, GrantRow* row) {
  for (const std::string& text : row->identifiers()) {
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(text));
    GUSU_ASSIGN_OR_RETURN(const auto record, RecordNow(view, identifier));
    if (!row->by_holder() && (record == nullptr || record->owner() != row->grantor())) {
      return NotRecordOwner(identifier, row->grantor());
    }
    if (record == nullptr) return RecordNotFound(view, identifier, view.last_revision());
    if (!row->by_holder()) row->add_passing_counts(record->passing_count());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckGrant(const storage::View& view, const Acting& acting, GrantRow* row,
                        std::vector<Precondition>* preconditions) {
  const storage::Directory& directory = view.directory();
  GUSU_ASSIGN_OR_RETURN(const WriteScope scope,
                        FindWriteScope(directory, acting, row->prefix_key(), row->prefix_key()));
  AddPrefixPrecondition(scope, row->prefix_key(), preconditions);
  row->set_by_holder(scope.is_holder);
  if (scope.is_holder) row->add_passing_counts(scope.prefix->row->passing_count());
  if (row->scope() == v1::Grant::kIdentifiers) {
    GUSU_RETURN_IF_ERROR(CheckRecords(view, row));
  } else {
    GUSU_RETURN_IF_ERROR(CheckIsHolder(scope, acting, scope.prefix->row->prefix()));
  }
  if (row->scope() == v1::Grant::kTemplateScope) {
    const auto templ = FindTemplate(directory, row->template_id());
    if (templ == nullptr) return TemplateNotFound(row->template_id());
    row->set_template_id(templ->id);
  }
  return CheckGrantee(directory, *row, *scope.registrant->row, preconditions);
}

absl::Status GroupNotFound(const std::string& registrant, const std::string& id) {
  const std::string name = GroupName(registrant, id);
  return Error(absl::StatusCode::kNotFound, "GROUP_NOT_FOUND", Concat("there is no ", name),
               {{"group", name}});
}

absl::Status CheckLiveGrants(const storage::View& view, const std::string& grantor,
                             absl::Time now) {
  const std::string beginning = storage::GrantKey(grantor, "");
  const auto now_us = static_cast<uint64_t>(absl::ToUnixMicros(now));
  size_t live = 0;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(view.Scan(beginning, storage::AfterBeginning(beginning),
                                 [&](std::string_view, const storage::Row& stored) {
                                   const absl::StatusOr<GrantRow> row = PayloadOf<GrantRow>(stored);
                                   status = row.status();
                                   if (!status.ok()) return false;
                                   if (!row->revoked() && row->expire_time_us() > now_us) ++live;
                                   return true;
                                 }));
  GUSU_RETURN_IF_ERROR(status);
  if (live < Grants::kLiveGrantsMax) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "GRANTS_TOO_MANY",
               Concat("registrant ", grantor, " has ", live,
                      " grants; revoke one first, or give rights to a group"),
               {{"registrant", RegistrantName(grantor)},
                {"grants_max", std::to_string(Grants::kLiveGrantsMax)}});
}

}  // namespace gusu::server
