#include "server/handle_identity.h"

#include <algorithm>
#include <optional>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/credential_vault.h"
#include "server/log.h"
#include "server/registrar_index.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

using CredentialEntry = storage::Directory::CredentialEntry;
using PrefixEntry = storage::Directory::PrefixEntry;
using storage::v1::CredentialRow;
using storage::v1::PrefixRow;

constexpr char kField[] = "credential.handle_prefix";

// Whether handles below it are this registry's, and new ones may come.
bool HasHandlesHere(const PrefixRow& prefix) {
  return prefix.state() != v1::Prefix::RETIRED && prefix.sites().empty();
}

// The registrant's first prefix in their order; nullptr: it has none.
absl::StatusOr<const PrefixEntry*> FirstPrefixOf(const storage::View& view,
                                                 std::string_view registrant) {
  const std::string beginning = PrefixesOfHolder(registrant);
  const PrefixEntry* first = nullptr;
  GUSU_RETURN_IF_ERROR(view.ScanStored(
      beginning, storage::AfterBeginning(beginning), [&](std::string_view key, std::string_view) {
        const PrefixEntry* entry = view.directory().FindPrefix(key.substr(beginning.size()));
        if (entry != nullptr && HasHandlesHere(*entry->row)) first = entry;
        return first == nullptr;
      }));
  return first;
}

absl::StatusOr<const PrefixEntry*> PrefixFor(const storage::View& view, const CredentialRow& row) {
  const std::string registrant = RegistrantName(row.registrant());
  if (row.handle_prefix().empty()) {
    GUSU_ASSIGN_OR_RETURN(const PrefixEntry* first, FirstPrefixOf(view, row.registrant()));
    if (first != nullptr) return first;
    return FieldInvalid(kField, Quote(""),
                        Concat(registrant, " holds no prefix below which the identity could be"));
  }
  const PrefixEntry* named = view.directory().FindPrefix(ToKey(row.handle_prefix()));
  if (named == nullptr || named->row->holder() != row.registrant()) {
    return FieldInvalid(kField, Quote(row.handle_prefix()),
                        Concat(registrant, " holds no such prefix"));
  }
  if (HasHandlesHere(*named->row)) return named;
  return FieldInvalid(kField, Quote(row.handle_prefix()), "it is retired or delegated");
}

absl::StatusOr<std::string> NodePrefixFor(const storage::Directory& directory,
                                          const std::string& asked) {
  std::string known;
  if (const auto* settings = directory.settings()) {
    for (const std::string& prefix : settings->row->node_prefixes()) {
      if (asked.empty() || ToKey(asked) == ToKey(prefix)) return prefix;
      known += Concat(known.empty() ? "" : ", ", prefix);
    }
  }
  return FieldInvalid(kField, Quote(asked), Concat("of the bureau it must be one of ", known));
}

// Whether the credential's registrant holds the prefix of its identity.
bool HoldsItsPrefix(const storage::Directory& directory, const CredentialRow& row) {
  const std::string prefix_key = ToKey(row.handle_prefix());
  if (row.registrant().empty()) return IsNodePrefix(directory, prefix_key);
  const PrefixEntry* prefix = directory.FindPrefix(prefix_key);
  return prefix != nullptr && prefix->row->holder() == row.registrant();
}

// nullptr when there is none, or its registrant does not hold the prefix.
const CredentialEntry* FindEntry(const storage::Directory& directory,
                                 const HandleIdentity& identity) {
  const std::string handle_key = ToKey(identity.handle);
  if (!handle_key.ends_with(kHandleOfIdentities)) return nullptr;
  const std::string_view prefix_key =
      std::string_view(handle_key).substr(0, handle_key.size() - kHandleOfIdentities.size());
  const CredentialEntry* entry = directory.FindCredentialByHandle(prefix_key, identity.index);
  return entry != nullptr && HoldsItsPrefix(directory, *entry->row) ? entry : nullptr;
}

absl::StatusOr<Caller> CallerFor(const storage::View& view, const HandleIdentity& identity,
                                 const std::string& peer, absl::Time now,
                                 const CredentialEntry** entry) {
  *entry = FindEntry(view.directory(), identity);
  Caller caller;
  caller.door = Door::kHandle;
  caller.peer = peer;
  return CallerOf(view, *entry, std::move(caller), now);
}

absl::StatusOr<HandleKey> KeyOf(const CredentialEntry& entry, CredentialVault& vault) {
  const CredentialRow& row = *entry.row;
  HandleKey key;
  key.row_key = storage::CredentialKey(row.registrant(), row.id());
  key.revision = entry.revision;
  if (row.kind() == v1::Credential::HS_PUBKEY) {
    key.bytes = row.public_key();
    return key;
  }
  key.kind = HandleKey::Kind::kSecret;
  GUSU_ASSIGN_OR_RETURN(
      key.bytes, vault.Open(key.row_key, {row.secret_ciphertext(), row.secret_commitment()}));
  return key;
}

}  // namespace

bool IsNodePrefix(const storage::Directory& directory, std::string_view prefix_key) {
  const auto* settings = directory.settings();
  if (settings == nullptr) return false;
  const auto& prefixes = settings->row->node_prefixes();
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return ToKey(prefix) == prefix_key; });
}

std::string HandleIdentityName(const CredentialRow& row) {
  if (row.handle_prefix().empty()) return "";
  return Concat(row.handle_index(), ":", row.handle_prefix(), kHandleOfIdentities);
}

absl::Status AssignHandleIdentity(const storage::View& view, CredentialRow* row, Change* change) {
  if (row->registrant().empty()) {
    GUSU_ASSIGN_OR_RETURN(*row->mutable_handle_prefix(),
                          NodePrefixFor(view.directory(), row->handle_prefix()));
  } else {
    GUSU_ASSIGN_OR_RETURN(const PrefixEntry* prefix, PrefixFor(view, *row));
    row->set_handle_prefix(prefix->row->prefix());
    change->preconditions.push_back(
        AtRevision(storage::PrefixKey(ToKey(prefix->row->prefix())), prefix->revision));
  }
  const std::string prefix_key = ToKey(row->handle_prefix());
  row->set_handle_index(
      std::max(kHandleIndexFirst, view.directory().LastHandleIndex(prefix_key) + 1));
  const std::string beginning = storage::HandleIdentitiesBeginning(prefix_key);
  const std::string name = storage::HandleIdentityName(row->handle_index());
  // Two that are made at once do not get the same one.
  Precondition unused;
  unused.kind = Precondition::Kind::kEmptyInterval;
  unused.key = beginning + name;
  unused.end = Concat(beginning, name, '\0');
  change->preconditions.push_back(std::move(unused));
  change->index_adds.push_back({beginning, name});
  return absl::OkStatus();
}

absl::StatusOr<HandleKey> FindHandleKey(const storage::View& view, CredentialVault& vault,
                                        const HandleIdentity& identity, absl::Time now) {
  const CredentialEntry* entry = nullptr;
  GUSU_ASSIGN_OR_RETURN(const Caller caller, CallerFor(view, identity, "", now, &entry));
  absl::StatusOr<HandleKey> key = KeyOf(*entry, vault);
  if (key.ok()) return key;
  Log(LogLevel::kError, "credential_refused",
      {{"credential", CredentialName(caller.registrant, caller.credential)},
       {"error", std::string(key.status().message())}});
  return CredentialInvalid();
}

absl::StatusOr<Caller> AuthenticateHandle(const storage::View& view, const HandleIdentity& identity,
                                          const HandleKey& key, const std::string& peer,
                                          absl::Time now) {
  const CredentialEntry* entry = nullptr;
  GUSU_ASSIGN_OR_RETURN(Caller caller, CallerFor(view, identity, peer, now, &entry));
  if (caller.proof_key != key.row_key || caller.proof_revision != key.revision) {
    return CredentialInvalid();
  }
  return caller;
}

std::vector<const CredentialEntry*> LiveHandleCredentials(const storage::View& view,
                                                          std::string_view prefix_key,
                                                          absl::Time now) {
  const storage::Directory& directory = view.directory();
  std::vector<const CredentialEntry*> live = directory.CredentialsAtHandle(prefix_key);
  live.erase(std::remove_if(live.begin(), live.end(),
                            [&](const CredentialEntry* entry) {
                              return !HoldsItsPrefix(directory, *entry->row) ||
                                     !CallerOf(view, entry, Caller(), now).ok();
                            }),
             live.end());
  return live;
}

}  // namespace gusu::server
