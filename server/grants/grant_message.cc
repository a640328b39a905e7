#include "server/grants/grant_message.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/grant.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/grants/grant_names.h"
#include "server/grants/granted_records.h"
#include "server/resource_fields.h"
#include "server/template.h"

namespace gusu::server {
namespace {

using storage::v1::GrantRow;

std::string PrefixName(std::string_view prefix) { return Concat("prefixes/", prefix); }

void FillGrantee(const GrantRow& row, v1::Grant* message) {
  if (!row.grantee().empty()) {
    message->set_registrant(RegistrantName(row.grantee()));
  } else if (!row.group().empty()) {
    message->set_group(GroupName(row.grantor(), row.group()));
  } else {
    v1::OrganizationCode* code = message->mutable_organization_code();
    code->set_scheme(static_cast<v1::OrganizationCode::Scheme>(row.organization_code_scheme()));
    code->set_authority(row.organization_code_authority());
    code->set_value(row.organization_code());
  }
}

void FillScope(const GrantRow& row, v1::Grant* message) {
  const std::string written = row.identifiers().empty() ? row.prefix_key() : row.identifiers(0);
  switch (row.scope()) {
    case v1::Grant::kPrefix:
      return message->set_prefix(PrefixName(written));
    case v1::Grant::kIdentifierBeginning:
      return message->set_identifier_beginning(written);
    case v1::Grant::kTemplateScope:
      message->mutable_template_scope()->set_prefix(PrefixName(written));
      return message->mutable_template_scope()->set_template_(TemplateName(row.template_id()));
    case v1::Grant::kIdentifiers:
      *message->mutable_identifiers()->mutable_identifiers() = row.identifiers();
      return;
    case v1::Grant::kOwnInPrefix:
      return message->set_own_in_prefix(PrefixName(written));
    default:
      return;
  }
}

// Whether the grantor has been what it gave it as ever since: of single records, of one at least.
absl::StatusOr<bool> IsStillTheirs(const storage::View& view, const GrantRow& row) {
  if (row.by_holder()) return HoldsStill(view.directory(), row);
  for (int i = 0; i < row.identifiers_size(); ++i) {
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(row.identifiers(i)));
    GUSU_ASSIGN_OR_RETURN(const auto record, RecordNow(view, identifier));
    if (record != nullptr && OwnsStill(row, i, *record)) return true;
  }
  return false;
}

absl::StatusOr<v1::Grant::State> StateOf(const storage::View& view, const GrantRow& row,
                                         absl::Time now) {
  if (row.revoked()) return v1::Grant::REVOKED;
  if (absl::FromUnixMicros(static_cast<int64_t>(row.expire_time_us())) <= now) {
    return v1::Grant::EXPIRED;
  }
  GUSU_ASSIGN_OR_RETURN(const bool theirs, IsStillTheirs(view, row));
  return theirs ? v1::Grant::ACTIVE : v1::Grant::ENDED;
}

}  // namespace

absl::Status FillGrant(const storage::View& view, const GrantRow& row, uint64_t revision,
                       absl::Time now, v1::Grant* message) {
  GUSU_ASSIGN_OR_RETURN(const v1::Grant::State state, StateOf(view, row, now));
  message->set_name(GrantName(row.grantor(), row.id()));
  FillGrantee(row, message);
  FillScope(row, message);
  v1::Rights* rights = message->mutable_rights();
  rights->set_read_tier(static_cast<v1::Tier>(row.read_tier()));
  *rights->mutable_write_attributes() = row.write_attributes();
  rights->set_append_events(row.append_events());
  FillTime(row.expire_time_us(), message->mutable_expire_time());
  message->set_title(row.title());
  message->set_state(state);
  FillTime(row.create_revision() != 0 ? row.create_revision() : revision,
           message->mutable_create_time());
  // Nothing changes a revoked grant but giving it anew, so its row is the revocation's.
  if (row.revoked()) FillTime(revision, message->mutable_revoke_time());
  return absl::OkStatus();
}

absl::StatusOr<bool> IsActive(const storage::View& view, const GrantRow& row, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const v1::Grant::State state, StateOf(view, row, now));
  return state == v1::Grant::ACTIVE;
}

void FillGroup(const storage::v1::GroupRow& row, uint64_t revision, v1::Group* message) {
  message->set_name(GroupName(row.registrant(), row.id()));
  message->set_title(row.title());
  for (const std::string& member : row.members()) message->add_members(RegistrantName(member));
  message->set_etag(EtagOf(revision));
}

}  // namespace gusu::server
