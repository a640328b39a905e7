#include "storage/directory.h"

#include <algorithm>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/keys.h"
#include "storage/row_corrupt.h"
#include "storage/sharded_map.h"

namespace gusu::storage {
namespace {

// gusu.v1.Credential.REGISTRANT_ADMIN.
constexpr uint32_t kRegistrantAdmin = 3;
// gusu.v1.Registrant.ACTIVE and SUSPENDED.
constexpr uint32_t kRegistrantActive = 2, kRegistrantSuspended = 3;

// What stands after the table's byte.
std::string_view NameOf(std::string_view key) { return key.substr(1); }

template <typename Message>
absl::StatusOr<Entry<Message>> Parse(const Directory::Replacement& replacement) {
  auto message = std::make_shared<Message>();
  if (!message->ParseFromString(replacement.row->payload)) {
    return RowCorrupt(replacement.key, Concat("not a ", Message::descriptor()->name()));
  }
  return Entry<Message>{replacement.row->revision, replacement.row->leaf_index, std::move(message)};
}

template <typename Message>
std::optional<uint64_t> RevisionOf(const Entry<Message>* entry) {
  if (entry == nullptr) return std::nullopt;
  return entry->revision;
}

// Credentials of other kinds than tokens make none.
bool IsStandingAdmin(const v1::CredentialRow& row) {
  return row.role() == kRegistrantAdmin && !row.revoked() && row.kind() == 0;
}

// Of an identity at {prefix}/ADMIN.
std::string IdentityName(std::string_view prefix_key, uint32_t index) {
  return Concat(prefix_key, '\0', HandleIdentityName(index));
}

}  // namespace

namespace {

using Names = std::vector<std::string>;  // without doubles, in no order

void AddName(ShardedMap<Names>& index, const std::string& key, std::string_view name) {
  const Names* before = index.Find(key);
  Names names = before == nullptr ? Names() : *before;
  names.emplace_back(name);
  index.Put(key, std::move(names));
}

void RemoveName(ShardedMap<Names>& index, const std::string& key, std::string_view name) {
  const Names* before = index.Find(key);
  if (before == nullptr) return;
  Names names = *before;
  names.erase(std::remove(names.begin(), names.end(), name), names.end());
  if (names.empty()) {
    index.Erase(key);
  } else {
    index.Put(key, std::move(names));
  }
}

// Who is granted something on a prefix, as grants_by_grantee has it.
std::string GranteeKey(std::string_view prefix_key, char kind, std::string_view grantee) {
  std::string key(prefix_key);
  key += '\0';
  key += kind;
  return key.append(grantee);
}

std::string GroupName(std::string_view registrant, std::string_view id) {
  return std::string(NameOf(GroupKey(registrant, id)));
}

std::string GranteeKeyOf(const v1::GrantRow& row) {
  if (!row.grantee().empty()) return GranteeKey(row.prefix_key(), 'R', row.grantee());
  if (!row.group().empty()) {
    return GranteeKey(row.prefix_key(), 'G', GroupName(row.grantor(), row.group()));
  }
  const std::string code = OrganizationCodeKey(
      row.organization_code_scheme(), row.organization_code_authority(), row.organization_code());
  return GranteeKey(row.prefix_key(), 'O', code);
}

}  // namespace

// Names are keys without their table's byte. Copying Tables copies pointers only.
struct Directory::Tables {
  std::optional<SettingsEntry> settings;
  ShardedMap<RegistrantEntry> registrants;
  ShardedMap<PrefixEntry> prefixes;
  ShardedMap<CredentialEntry> credentials;
  // Secondary: names by hash of a secret, and how many admin credentials a registrant has.
  ShardedMap<std::string> credentials_by_secret;
  // Names by identity; identities that are not revoked, and the highest index, by prefix.
  ShardedMap<std::string> credentials_by_identity;
  ShardedMap<Names> identities_at_handle;
  ShardedMap<uint32_t> last_handle_indexes;
  ShardedMap<std::string> registrants_by_claim;
  ShardedMap<uint32_t> admin_counts;
  ShardedMap<TemplateEntry> templates;
  ShardedMap<GrantEntry> grants;
  ShardedMap<GroupEntry> groups;
  ShardedMap<RangePatternsEntry> range_patterns;
  // Secondary: names of grants that stand, by prefix and grantee; names of groups by member.
  ShardedMap<Names> grants_by_grantee;
  ShardedMap<Names> groups_by_member;

  absl::Status Replace(const Replacement& replacement);

 private:
  template <typename Message>
  static absl::Status ReplaceIn(ShardedMap<Entry<Message>>& table, const Replacement& replacement);
  absl::Status ReplaceGrant(const Replacement& replacement);
  absl::Status ReplaceGroup(const Replacement& replacement);
  absl::Status ReplaceRegistrant(const Replacement& replacement);
  absl::Status ReplaceCredential(const Replacement& replacement);
  void AddAdmins(std::string_view registrant, int count);
  void AddIdentity(std::string_view name, const v1::CredentialRow& row);
  void RemoveIdentity(const v1::CredentialRow& row);
};

namespace {

// Of two rows with the same secret, the one with the lesser name is found, whatever came first.
void AddToIndex(ShardedMap<std::string>& index, const std::string& hash, std::string_view name) {
  if (hash.empty()) return;
  const std::string* other = index.Find(hash);
  if (other == nullptr || name < *other) index.Put(hash, std::string(name));
}

void RemoveFromIndex(ShardedMap<std::string>& index, const std::string& hash,
                     std::string_view name) {
  if (hash.empty()) return;
  const std::string* found = index.Find(hash);
  if (found != nullptr && *found == name) index.Erase(hash);
}

}  // namespace

absl::Status Directory::Tables::ReplaceRegistrant(const Replacement& replacement) {
  const std::string_view name = NameOf(replacement.key);
  if (const RegistrantEntry* before = registrants.Find(name)) {
    RemoveFromIndex(registrants_by_claim, before->row->claim_sha256(), name);
  }
  if (!replacement.row.has_value()) {
    registrants.Erase(name);
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(RegistrantEntry entry, Parse<v1::RegistrantRow>(replacement));
  AddToIndex(registrants_by_claim, entry.row->claim_sha256(), name);
  registrants.Put(name, std::move(entry));
  return absl::OkStatus();
}

void Directory::Tables::AddAdmins(std::string_view registrant, int count) {
  const uint32_t* before = admin_counts.Find(registrant);
  admin_counts.Put(registrant, (before == nullptr ? 0 : *before) + count);
}

void Directory::Tables::AddIdentity(std::string_view name, const v1::CredentialRow& row) {
  if (row.handle_prefix().empty()) return;
  const std::string prefix_key = ToKey(row.handle_prefix());
  const std::string identity = IdentityName(prefix_key, row.handle_index());
  credentials_by_identity.Put(identity, std::string(name));
  if (!row.revoked()) AddName(identities_at_handle, prefix_key, identity);
  const uint32_t* last = last_handle_indexes.Find(prefix_key);
  if (last == nullptr || *last < row.handle_index()) {
    last_handle_indexes.Put(prefix_key, uint32_t{row.handle_index()});
  }
}

void Directory::Tables::RemoveIdentity(const v1::CredentialRow& row) {
  if (row.handle_prefix().empty()) return;
  const std::string prefix_key = ToKey(row.handle_prefix());
  const std::string identity = IdentityName(prefix_key, row.handle_index());
  credentials_by_identity.Erase(identity);
  RemoveName(identities_at_handle, prefix_key, identity);
}

absl::Status Directory::Tables::ReplaceCredential(const Replacement& replacement) {
  const std::string_view name = NameOf(replacement.key);
  if (const CredentialEntry* before = credentials.Find(name)) {
    RemoveFromIndex(credentials_by_secret, before->row->secret_sha256(), name);
    RemoveIdentity(*before->row);
    if (IsStandingAdmin(*before->row)) AddAdmins(before->row->registrant(), -1);
  }
  if (!replacement.row.has_value()) {
    credentials.Erase(name);
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(CredentialEntry entry, Parse<v1::CredentialRow>(replacement));
  AddToIndex(credentials_by_secret, entry.row->secret_sha256(), name);
  AddIdentity(name, *entry.row);
  if (IsStandingAdmin(*entry.row)) AddAdmins(entry.row->registrant(), 1);
  credentials.Put(name, std::move(entry));
  return absl::OkStatus();
}

absl::Status Directory::Tables::ReplaceGrant(const Replacement& replacement) {
  const std::string_view name = NameOf(replacement.key);
  if (const GrantEntry* before = grants.Find(name); before != nullptr && !before->row->revoked()) {
    RemoveName(grants_by_grantee, GranteeKeyOf(*before->row), name);
  }
  if (!replacement.row.has_value()) {
    grants.Erase(name);
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(GrantEntry entry, Parse<v1::GrantRow>(replacement));
  if (!entry.row->revoked()) AddName(grants_by_grantee, GranteeKeyOf(*entry.row), name);
  grants.Put(name, std::move(entry));
  return absl::OkStatus();
}

absl::Status Directory::Tables::ReplaceGroup(const Replacement& replacement) {
  const std::string_view name = NameOf(replacement.key);
  if (const GroupEntry* before = groups.Find(name)) {
    for (const std::string& member : before->row->members()) {
      RemoveName(groups_by_member, member, name);
    }
  }
  if (!replacement.row.has_value()) {
    groups.Erase(name);
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(GroupEntry entry, Parse<v1::GroupRow>(replacement));
  for (const std::string& member : entry.row->members()) AddName(groups_by_member, member, name);
  groups.Put(name, std::move(entry));
  return absl::OkStatus();
}

template <typename Message>
absl::Status Directory::Tables::ReplaceIn(ShardedMap<Entry<Message>>& table,
                                          const Replacement& replacement) {
  if (!replacement.row.has_value()) {
    table.Erase(NameOf(replacement.key));
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(Entry<Message> entry, Parse<Message>(replacement));
  table.Put(NameOf(replacement.key), std::move(entry));
  return absl::OkStatus();
}

absl::Status Directory::Tables::Replace(const Replacement& replacement) {
  switch (replacement.key.empty() ? '\0' : replacement.key[0]) {
    case kSettingsTable: {
      settings.reset();
      if (!replacement.row.has_value()) return absl::OkStatus();
      GUSU_ASSIGN_OR_RETURN(settings, Parse<v1::SettingsRow>(replacement));
      return absl::OkStatus();
    }
    case kRegistrantTable:
      return ReplaceRegistrant(replacement);
    case kPrefixTable:
      return ReplaceIn(prefixes, replacement);
    case kTemplateTable:
      return ReplaceIn(templates, replacement);
    case kGrantTable:
      return ReplaceGrant(replacement);
    case kGroupTable:
      return ReplaceGroup(replacement);
    case kRangePatternsTable:
      return ReplaceIn(range_patterns, replacement);
    case kCredentialTable:
      return ReplaceCredential(replacement);
    default:
      return absl::InternalError("a row that the directory does not hold");
  }
}

Directory::Directory() : tables_(std::make_shared<Tables>()) {}
Directory::Directory(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Directory::~Directory() = default;

const Directory::SettingsEntry* Directory::settings() const {
  return tables_->settings.has_value() ? &*tables_->settings : nullptr;
}

const Directory::RegistrantEntry* Directory::FindRegistrant(std::string_view id) const {
  return tables_->registrants.Find(id);
}

const Directory::PrefixEntry* Directory::FindPrefix(std::string_view prefix_key) const {
  return tables_->prefixes.Find(prefix_key);
}

const Directory::PrefixEntry* Directory::FindCoveringPrefix(std::string_view prefix_key) const {
  while (true) {
    if (const PrefixEntry* found = FindPrefix(prefix_key)) return found;
    const size_t dot = prefix_key.rfind('.');
    if (dot == std::string_view::npos) return nullptr;
    prefix_key = prefix_key.substr(0, dot);
  }
}

const Directory::CredentialEntry* Directory::FindCredential(std::string_view registrant,
                                                            std::string_view id) const {
  return tables_->credentials.Find(NameOf(CredentialKey(registrant, id)));
}

const Directory::CredentialEntry* Directory::FindCredentialBySecret(
    std::string_view secret_sha256) const {
  const std::string* name = tables_->credentials_by_secret.Find(secret_sha256);
  return name == nullptr ? nullptr : tables_->credentials.Find(*name);
}

const Directory::CredentialEntry* Directory::FindCredentialByHandle(std::string_view prefix_key,
                                                                    uint32_t index) const {
  const std::string* name = tables_->credentials_by_identity.Find(IdentityName(prefix_key, index));
  return name == nullptr ? nullptr : tables_->credentials.Find(*name);
}

std::vector<const Directory::CredentialEntry*> Directory::CredentialsAtHandle(
    std::string_view prefix_key) const {
  std::vector<const CredentialEntry*> credentials;
  const Names* identities = tables_->identities_at_handle.Find(prefix_key);
  if (identities == nullptr) return credentials;
  for (const std::string& identity : *identities) {
    const std::string* name = tables_->credentials_by_identity.Find(identity);
    if (name != nullptr) credentials.push_back(tables_->credentials.Find(*name));
  }
  std::sort(credentials.begin(), credentials.end(), [](const auto* a, const auto* b) {
    return a->row->handle_index() < b->row->handle_index();
  });
  return credentials;
}

uint32_t Directory::LastHandleIndex(std::string_view prefix_key) const {
  const uint32_t* last = tables_->last_handle_indexes.Find(prefix_key);
  return last == nullptr ? 0 : *last;
}

const Directory::RegistrantEntry* Directory::FindRegistrantByClaim(std::string_view claim_sha256,
                                                                   std::string* id) const {
  const std::string* name = tables_->registrants_by_claim.Find(claim_sha256);
  if (name == nullptr) return nullptr;
  if (id != nullptr) *id = *name;
  return FindRegistrant(*name);
}

bool Directory::HasAdminCredential(std::string_view registrant) const {
  const uint32_t* count = tables_->admin_counts.Find(registrant);
  return count != nullptr && *count > 0;
}

const Directory::TemplateEntry* Directory::FindTemplate(std::string_view id_key) const {
  return tables_->templates.Find(id_key);
}

const Directory::GrantEntry* Directory::FindGrant(std::string_view registrant,
                                                  std::string_view id) const {
  return tables_->grants.Find(NameOf(GrantKey(registrant, id)));
}

const Directory::GroupEntry* Directory::FindGroup(std::string_view registrant,
                                                  std::string_view id) const {
  return tables_->groups.Find(NameOf(GroupKey(registrant, id)));
}

const Directory::RangePatternsEntry* Directory::FindRangePatterns(
    std::string_view prefix_key) const {
  return tables_->range_patterns.Find(prefix_key);
}

std::vector<const Directory::GrantEntry*> Directory::GrantsTo(std::string_view registrant,
                                                              std::string_view prefix_key) const {
  std::vector<const GrantEntry*> grants;
  const auto add = [&](const std::string& grantee_key) {
    const Names* names = tables_->grants_by_grantee.Find(grantee_key);
    if (names == nullptr) return;
    for (const std::string& name : *names) grants.push_back(tables_->grants.Find(name));
  };
  add(GranteeKey(prefix_key, 'R', registrant));
  if (const Names* groups = tables_->groups_by_member.Find(registrant)) {
    for (const std::string& group : *groups) add(GranteeKey(prefix_key, 'G', group));
  }
  const RegistrantEntry* entry = FindRegistrant(registrant);
  if (entry == nullptr) return grants;
  const v1::RegistrantRow& row = *entry->row;
  if (row.state() == kRegistrantActive || row.state() == kRegistrantSuspended) {
    add(GranteeKey(
        prefix_key, 'O',
        OrganizationCodeKey(row.organization_code_scheme(), row.organization_code_authority(),
                            row.organization_code())));
  }
  return grants;
}

bool Directory::Holds(std::string_view key) {
  return !key.empty() && kTables.find(key[0]) != kTables.npos;
}

std::optional<uint64_t> Directory::RevisionAt(std::string_view key) const {
  if (!Holds(key)) return std::nullopt;
  const std::string_view name = NameOf(key);
  switch (key[0]) {
    case kSettingsTable:
      return RevisionOf(settings());
    case kRegistrantTable:
      return RevisionOf(tables_->registrants.Find(name));
    case kPrefixTable:
      return RevisionOf(tables_->prefixes.Find(name));
    case kTemplateTable:
      return RevisionOf(tables_->templates.Find(name));
    case kGrantTable:
      return RevisionOf(tables_->grants.Find(name));
    case kGroupTable:
      return RevisionOf(tables_->groups.Find(name));
    case kRangePatternsTable:
      return RevisionOf(tables_->range_patterns.Find(name));
    default:
      return RevisionOf(tables_->credentials.Find(name));
  }
}

absl::StatusOr<std::shared_ptr<const Directory>> Directory::With(
    const std::vector<Replacement>& replacements) const {
  auto tables = std::make_shared<Tables>(*tables_);
  for (const Replacement& replacement : replacements) {
    GUSU_RETURN_IF_ERROR(tables->Replace(replacement));
  }
  return std::shared_ptr<const Directory>(new Directory(std::move(tables)));
}

}  // namespace gusu::storage
