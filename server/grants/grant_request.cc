#include "server/grants/grant_request.h"

#include <algorithm>
#include <map>
#include <set>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/grant.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/grant_canonical.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/grants/grant_names.h"
#include "server/organization_code_field.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/template.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

using storage::v1::GrantRow;

constexpr std::string_view kPrefixes = "prefixes/";
constexpr size_t kTitleCharactersMax = 200;
constexpr size_t kAttributeCharactersMax = 64;
constexpr size_t kIdCharacters = 20;

absl::Status TooMany(std::string_view field, int count, int count_max) {
  return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
               Concat(field, " are ", count, "; at most ", count_max),
               {{"field", std::string(field)},
                {"count", std::to_string(count)},
                {"count_max", std::to_string(count_max)}});
}

absl::Status ReadGrantee(const v1::Grant& grant, GrantRow* row) {
  switch (grant.grantee_case()) {
    case v1::Grant::kRegistrant: {
      GUSU_ASSIGN_OR_RETURN(*row->mutable_grantee(),
                            ParseRegistrantName(grant.registrant(), "grant.registrant"));
      if (row->grantee() != row->grantor()) return absl::OkStatus();
      return FieldInvalid("grant.registrant", grant.registrant(), "it is the grantor itself");
    }
    case v1::Grant::kGroup: {
      GUSU_ASSIGN_OR_RETURN(const OwnedPath path, ParseGroupName(grant.group(), "grant.group"));
      row->set_group(path.id);
      if (path.registrant == row->grantor()) return absl::OkStatus();
      return FieldInvalid("grant.group", grant.group(), "it must be a group of the grantor's");
    }
    case v1::Grant::kOrganizationCode: {
      GUSU_ASSIGN_OR_RETURN(
          const StoredOrganizationCode code,
          ReadOrganizationCode(grant.organization_code(), "grant.organization_code"));
      row->set_organization_code_scheme(code.scheme);
      row->set_organization_code_authority(code.authority);
      row->set_organization_code(code.value);
      return absl::OkStatus();
    }
    default:
      return FieldMissing("grant.grantee");
  }
}

absl::Status ReadPrefixName(const std::string& name, std::string_view field, GrantRow* row) {
  if (name.empty()) return FieldMissing(field);
  if (name.compare(0, kPrefixes.size(), kPrefixes) != 0) {
    return FieldInvalid(field, Quote(name), "it must be prefixes/{prefix}");
  }
  GUSU_ASSIGN_OR_RETURN(const std::string prefix, ParsePrefix(name.substr(kPrefixes.size())));
  row->set_prefix_key(ToKey(prefix));
  row->add_identifiers(prefix);
  return absl::OkStatus();
}

absl::Status ReadTemplateScope(const v1::TemplateScope& scope, GrantRow* row) {
  GUSU_RETURN_IF_ERROR(ReadPrefixName(scope.prefix(), "grant.template_scope.prefix", row));
  const std::string field = "grant.template_scope.template";
  if (scope.template_().empty()) return FieldMissing(field);
  row->set_template_id(TemplateIdOf(scope.template_()));
  if (!row->template_id().empty()) return absl::OkStatus();
  return FieldInvalid(field, Quote(scope.template_()), "it must be templates/{id}");
}

absl::Status ReadIdentifiers(const v1::IdentifierList& list, GrantRow* row) {
  const std::string field = "grant.identifiers.identifiers";
  const int count = list.identifiers_size();
  if (count == 0) return FieldMissing(field);
  if (count > kGrantIdentifiersMax) return TooMany(field, count, kGrantIdentifiersMax);
  std::map<std::string, std::string> written;  // by comparison key of the suffix
  for (const std::string& text : list.identifiers()) {
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(text));
    if (row->prefix_key().empty()) row->set_prefix_key(std::string(identifier.prefix_key()));
    if (row->prefix_key() != identifier.prefix_key()) {
      return FieldInvalid(field, Quote(text),
                          Concat("a grant is on records of one prefix, here ", row->prefix_key()));
    }
    if (!written.emplace(identifier.suffix_key(), identifier.written()).second) {
      return FieldInvalid(field, Quote(text), "it is there twice");
    }
  }
  for (const auto& [suffix_key, identifier] : written) {
    row->add_suffixes(suffix_key);
    row->add_identifiers(identifier);
  }
  return absl::OkStatus();
}

absl::Status ReadScope(const v1::Grant& grant, GrantRow* row) {
  row->set_scope(static_cast<uint32_t>(grant.scope_case()));
  switch (grant.scope_case()) {
    case v1::Grant::kPrefix:
      return ReadPrefixName(grant.prefix(), "grant.prefix", row);
    case v1::Grant::kIdentifierBeginning: {
      GUSU_ASSIGN_OR_RETURN(const Identifier beginning,
                            Identifier::Parse(grant.identifier_beginning()));
      row->set_prefix_key(std::string(beginning.prefix_key()));
      row->set_suffix_beginning(std::string(beginning.suffix_key()));
      row->add_identifiers(beginning.written());
      return absl::OkStatus();
    }
    case v1::Grant::kTemplateScope:
      return ReadTemplateScope(grant.template_scope(), row);
    case v1::Grant::kIdentifiers:
      return ReadIdentifiers(grant.identifiers(), row);
    case v1::Grant::kOwnInPrefix:
      return ReadPrefixName(grant.own_in_prefix(), "grant.own_in_prefix", row);
    default:
      return FieldMissing("grant.scope");
  }
}

absl::Status ReadRights(const v1::Rights& rights, GrantRow* row) {
  const v1::Tier tier = rights.read_tier();
  if (tier != v1::TIER_UNSPECIFIED && tier != v1::PARTNER && tier != v1::OWNER) {
    return FieldInvalid("grant.rights.read_tier", std::to_string(tier),
                        "it must be PARTNER or OWNER: PUBLIC values are everybody's to read");
  }
  row->set_read_tier(tier);
  const std::string field = "grant.rights.write_attributes";
  const int count = rights.write_attributes_size();
  if (count > kGrantAttributesMax) return TooMany(field, count, kGrantAttributesMax);
  std::set<std::string> attributes;
  for (const std::string& attribute : rights.write_attributes()) {
    if (attribute.empty()) return FieldInvalid(field, "", "an attribute has a name");
    GUSU_RETURN_IF_ERROR(CheckText(attribute, kAttributeCharactersMax, field));
    attributes.insert(attribute);
  }
  for (const std::string& attribute : attributes) row->add_write_attributes(attribute);
  row->set_append_events(rights.append_events());
  if (tier == v1::TIER_UNSPECIFIED && count == 0 && !rights.append_events()) {
    return FieldMissing("grant.rights");
  }
  return absl::OkStatus();
}

// 0 when none is asked for.
absl::StatusOr<uint64_t> ReadExpiry(const v1::Grant& grant, absl::Time now) {
  if (!grant.has_expire_time()) return 0;
  GUSU_ASSIGN_OR_RETURN(const uint64_t time_us, TimeOf(grant.expire_time(), "grant.expire_time"));
  const absl::Time time = absl::FromUnixMicros(static_cast<int64_t>(time_us));
  if (time > now && time <= now + kGrantLifeMax) return time_us;
  return FieldInvalid("grant.expire_time",
                      absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()),
                      "it must be in the future, and at most five years away");
}

}  // namespace

absl::StatusOr<GrantRow> ReadGrant(const v1::CreateGrantRequest& request,
                                   const std::string& grantor, absl::Time now) {
  const v1::Grant& grant = request.grant();
  GrantRow row;
  row.set_grantor(grantor);
  GUSU_RETURN_IF_ERROR(ReadGrantee(grant, &row));
  GUSU_RETURN_IF_ERROR(ReadScope(grant, &row));
  GUSU_RETURN_IF_ERROR(ReadRights(grant.rights(), &row));
  GUSU_RETURN_IF_ERROR(CheckText(grant.title(), kTitleCharactersMax, "grant.title"));
  row.set_title(grant.title());
  GUSU_ASSIGN_OR_RETURN(const uint64_t expiry, ReadExpiry(grant, now));
  row.set_expire_time_us(expiry);
  // Of what was asked for: the default expiry differs from call to call.
  const Hash digest = Sha256({"gusu.grant.create.v1\n", CanonicalBody(row)});
  row.set_create_digest(std::string(AsBytes(digest)));
  const Hash named = Sha256({"gusu.grant.id.v1\n", AsBytes(digest), request.request_id()});
  row.set_id(HexEncode(AsBytes(named)).substr(0, kIdCharacters));
  if (expiry == 0) {
    row.set_expire_time_us(static_cast<uint64_t>(absl::ToUnixMicros(now + kGrantLifeDefault)));
  }
  return row;
}

absl::StatusOr<storage::v1::GroupRow> ReadGroup(const v1::Group& group) {
  GUSU_ASSIGN_OR_RETURN(const OwnedPath path, ParseGroupName(group.name(), "group.name"));
  storage::v1::GroupRow row;
  row.set_registrant(path.registrant);
  row.set_id(path.id);
  GUSU_RETURN_IF_ERROR(CheckText(group.title(), kTitleCharactersMax, "group.title"));
  row.set_title(group.title());
  if (group.members_size() > kGroupMembersMax) {
    return TooMany("group.members", group.members_size(), kGroupMembersMax);
  }
  std::set<std::string> members;
  for (const std::string& name : group.members()) {
    GUSU_ASSIGN_OR_RETURN(std::string member, ParseRegistrantName(name, "group.members"));
    if (member == path.registrant) {
      return FieldInvalid("group.members", name, "it is the group's own registrant");
    }
    if (!members.insert(std::move(member)).second) {
      return FieldInvalid("group.members", name, "it is there twice");
    }
  }
  for (const std::string& member : members) row.add_members(member);
  return row;
}

}  // namespace gusu::server
