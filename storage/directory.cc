#include "storage/directory.h"

#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/keys.h"
#include "storage/row_corrupt.h"
#include "storage/sharded_map.h"

namespace gusu::storage {
namespace {

// gusu.v1.Credential.REGISTRANT_ADMIN.
constexpr uint32_t kRegistrantAdmin = 3;

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

bool IsStandingAdmin(const v1::CredentialRow& row) {
  return row.role() == kRegistrantAdmin && !row.revoked();
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
  ShardedMap<std::string> registrants_by_claim;
  ShardedMap<uint32_t> admin_counts;

  absl::Status Replace(const Replacement& replacement);

 private:
  absl::Status ReplaceRegistrant(const Replacement& replacement);
  absl::Status ReplaceCredential(const Replacement& replacement);
  void AddAdmins(std::string_view registrant, int count);
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

absl::Status Directory::Tables::ReplaceCredential(const Replacement& replacement) {
  const std::string_view name = NameOf(replacement.key);
  if (const CredentialEntry* before = credentials.Find(name)) {
    RemoveFromIndex(credentials_by_secret, before->row->secret_sha256(), name);
    if (IsStandingAdmin(*before->row)) AddAdmins(before->row->registrant(), -1);
  }
  if (!replacement.row.has_value()) {
    credentials.Erase(name);
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(CredentialEntry entry, Parse<v1::CredentialRow>(replacement));
  AddToIndex(credentials_by_secret, entry.row->secret_sha256(), name);
  if (IsStandingAdmin(*entry.row)) AddAdmins(entry.row->registrant(), 1);
  credentials.Put(name, std::move(entry));
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
    case kPrefixTable: {
      if (!replacement.row.has_value()) {
        prefixes.Erase(NameOf(replacement.key));
        return absl::OkStatus();
      }
      GUSU_ASSIGN_OR_RETURN(PrefixEntry entry, Parse<v1::PrefixRow>(replacement));
      prefixes.Put(NameOf(replacement.key), std::move(entry));
      return absl::OkStatus();
    }
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

bool Directory::Holds(std::string_view key) {
  if (key.empty()) return false;
  return key[0] == kSettingsTable || key[0] == kRegistrantTable || key[0] == kPrefixTable ||
         key[0] == kCredentialTable;
}

std::optional<uint64_t> Directory::RevisionAt(std::string_view key) const {
  if (!Holds(key)) return std::nullopt;
  switch (key[0]) {
    case kSettingsTable:
      return RevisionOf(settings());
    case kRegistrantTable:
      return RevisionOf(tables_->registrants.Find(NameOf(key)));
    case kPrefixTable:
      return RevisionOf(tables_->prefixes.Find(NameOf(key)));
    default:
      return RevisionOf(tables_->credentials.Find(NameOf(key)));
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
