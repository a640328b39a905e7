#include "server/audit/stored_parts.h"

#include <algorithm>
#include <utility>

#include "google/rpc/status.pb.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/audit.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/record_message.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/value_selection.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr std::string_view kBody = "BODY";
constexpr std::string_view kRegistry = "registry";
constexpr std::string_view kRegistrants = "registrants/";
constexpr std::string_view kPrefixes = "prefixes/";
constexpr std::string_view kCredentials = "/credentials/";
constexpr std::string_view kRecords = "/records/";

// Numbers as in gusu.v1.Tier.
struct TierSalt {
  uint32_t tier;
  std::string_view label;
  const std::string& (stored::RecordRow::*salt)() const;
};
constexpr TierSalt kTiers[] = {{1, "PUBLIC", &stored::RecordRow::public_salt},
                               {2, "PARTNER", &stored::RecordRow::partner_salt},
                               {3, "OWNER", &stored::RecordRow::owner_salt}};

template <typename Message>
absl::StatusOr<Message> Parse(std::string_view key, const storage::Row& row) {
  Message message;
  if (!message.ParseFromString(row.payload)) {
    return storage::RowCorrupt(key, "its payload is not its table's message");
  }
  return message;
}

template <typename Message>
std::vector<StoredPart> BodyOf(const Message& message, bool readable) {
  return {{std::string(kBody), CanonicalBody(message), message.body_salt(), false, readable}};
}

bool IsItselfOrBureau(const Caller& caller, std::string_view registrant) {
  return caller.is_bureau() || (!registrant.empty() && caller.registrant == registrant);
}

std::vector<StoredPart> PartsOfRecord(const stored::RecordRow& record, const Caller& caller) {
  std::vector<StoredPart> parts = BodyOf(record, true);
  const ReadRight right(caller, record);
  for (const auto& [tier, label, salt] : kTiers) {
    const auto& erased = record.erased_tiers();
    if (std::find(erased.begin(), erased.end(), tier) != erased.end()) {
      parts.push_back({std::string(label), "", "", true, false});
      continue;
    }
    std::string content = CanonicalTier(record, tier);
    if (content.empty()) continue;
    const bool readable = std::all_of(record.values().begin(), record.values().end(),
                                      [&right, tier = tier](const stored::ValueRow& value) {
                                        return value.tier() != tier || right.Covers(value);
                                      });
    parts.push_back({std::string(label), std::move(content), (record.*salt)(), false, readable});
  }
  return parts;
}

// The id or name in a key, after its table.
std::string_view NameIn(std::string_view key) {
  return key.substr(std::min<size_t>(1, key.size()));
}

std::string NameOfRecord(std::string_view identifier) {
  const absl::StatusOr<Identifier> parsed = Identifier::Parse(identifier);
  return parsed.ok() ? parsed->name() : std::string();
}

std::string ResourceOfKey(std::string_view key) {
  if (key.empty()) return "";
  const std::string_view name = NameIn(key);
  const size_t middle = name.find('\0');
  switch (key.front()) {
    case storage::kSettingsTable:
      return std::string(kRegistry);
    case storage::kRegistrantTable:
      return RegistrantName(name);
    case storage::kPrefixTable:
    case storage::kPrefixCountersTable:
      return Concat(kPrefixes, name);
    case storage::kCredentialTable:
      if (middle == name.npos) return "";
      return CredentialName(name.substr(0, middle), name.substr(middle + 1));
    case storage::kRecordTable:
      return NameOfRecord(name);
    default:
      return "";
  }
}

// A row as its table reads it.
struct ReadRow {
  std::string resource;           // as the row itself says
  std::string own_key;            // where a row of that resource stands
  std::vector<StoredPart> parts;  // when they are wanted
};

absl::StatusOr<ReadRow> ReadRecord(std::string_view key, const storage::Row& row, bool with_parts,
                                   const Caller& caller) {
  GUSU_ASSIGN_OR_RETURN(const auto record, Parse<stored::RecordRow>(key, row));
  ReadRow read;
  const absl::StatusOr<Identifier> identifier = Identifier::Parse(record.identifier());
  if (identifier.ok()) {
    read.resource = identifier->name();
    read.own_key = storage::RecordKey(identifier->key());
  }
  if (with_parts) read.parts = PartsOfRecord(record, caller);
  return read;
}

absl::StatusOr<ReadRow> ReadOf(std::string_view key, const storage::Row& row, bool with_parts,
                               const Caller& caller) {
  ReadRow read;
  read.own_key = std::string(key);
  switch (key.empty() ? '\0' : key.front()) {
    case storage::kSettingsTable: {
      GUSU_ASSIGN_OR_RETURN(const auto settings, Parse<stored::SettingsRow>(key, row));
      read.resource = std::string(kRegistry);
      if (with_parts) read.parts = BodyOf(settings, true);
      return read;
    }
    case storage::kRegistrantTable: {
      GUSU_ASSIGN_OR_RETURN(const auto registrant, Parse<stored::RegistrantRow>(key, row));
      read.resource = RegistrantName(NameIn(key));
      if (with_parts) read.parts = BodyOf(registrant, IsItselfOrBureau(caller, NameIn(key)));
      return read;
    }
    case storage::kPrefixTable: {
      GUSU_ASSIGN_OR_RETURN(const auto prefix, Parse<stored::PrefixRow>(key, row));
      read.resource = Concat(kPrefixes, prefix.prefix());
      read.own_key = storage::PrefixKey(ToKey(prefix.prefix()));
      const bool readable = caller.role != Role::kAnonymous && caller.role != Role::kApplicant;
      if (with_parts) read.parts = BodyOf(prefix, readable);
      return read;
    }
    case storage::kCredentialTable: {
      GUSU_ASSIGN_OR_RETURN(const auto credential, Parse<stored::CredentialRow>(key, row));
      read.resource = CredentialName(credential.registrant(), credential.id());
      read.own_key = storage::CredentialKey(credential.registrant(), credential.id());
      const bool readable = IsItselfOrBureau(caller, credential.registrant());
      if (with_parts) read.parts = BodyOf(credential, readable);
      return read;
    }
    case storage::kRecordTable:
      return ReadRecord(key, row, with_parts, caller);
    case storage::kOrganizationCodeTable: {
      GUSU_ASSIGN_OR_RETURN(const auto code, Parse<stored::OrganizationCodeRow>(key, row));
      read.resource = RegistrantName(code.registrant());
      return read;
    }
    default:
      read.resource = ResourceOfKey(key);
      return read;
  }
}

}  // namespace

absl::StatusOr<std::vector<StoredPart>> PartsOf(std::string_view key, const storage::Row& row,
                                                const Caller& caller) {
  GUSU_ASSIGN_OR_RETURN(ReadRow read, ReadOf(key, row, true, caller));
  return std::move(read.parts);
}

void FillPart(const StoredPart& part, v1::ContentPart* message) {
  message->set_label(part.label);
  if (part.erased) {
    message->set_erased(true);
  } else if (part.readable) {
    message->set_content(part.content);
    message->set_salt(part.salt);
  } else {
    const Hash commitment = CommitmentHash(part.salt, part.content);
    message->set_commitment(std::string(AsBytes(commitment)));
  }
}

std::optional<std::string> KeyOfResource(std::string_view resource) {
  if (resource == kRegistry) return storage::SettingsKey();
  if (resource.substr(0, kPrefixes.size()) == kPrefixes) {
    if (resource.find(kRecords) == resource.npos) {
      return storage::PrefixKey(ToKey(resource.substr(kPrefixes.size())));
    }
    const absl::StatusOr<Identifier> identifier = Identifier::ParseName(resource);
    if (!identifier.ok()) return std::nullopt;
    return storage::RecordKey(identifier->key());
  }
  if (resource.find(kCredentials) != resource.npos) {
    const absl::StatusOr<CredentialPath> path = ParseCredentialName(resource, "resource");
    if (!path.ok()) return std::nullopt;
    return storage::CredentialKey(path->registrant, path->id);
  }
  if (resource.substr(0, kRegistrants.size()) != kRegistrants) return std::nullopt;
  return storage::RegistrantKey(resource.substr(kRegistrants.size()));
}

absl::StatusOr<RevisionRow> ReadRevision(
    const storage::View& view, std::string key, uint64_t revision,
    const absl::StatusOr<std::optional<storage::Row>>& current) {
  if (!current.ok()) return current.status();
  if (current->has_value() && (*current)->revision == revision) {
    return RevisionRow{std::move(key), **current, true};
  }
  std::optional<storage::Row> then;
  if (current->has_value() && (*current)->revision > revision) {
    GUSU_ASSIGN_OR_RETURN(then, view.GetAsOf(key, revision));
  }
  if (!then.has_value() || then->revision != revision) {
    return storage::RowCorrupt(key, Concat("it has no revision ", revision));
  }
  return RevisionRow{std::move(key), *std::move(then), false};
}

absl::StatusOr<RevisionRow> ReadRevision(const storage::View& view, std::string_view resource,
                                         uint64_t revision) {
  std::optional<std::string> key = KeyOfResource(resource);
  if (!key.has_value()) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 Concat(Quote(resource), " is no resource's name"),
                 {{"identifier", Quote(resource)}, {"revision", std::to_string(revision)}});
  }
  const auto current = view.Get(*key);
  return ReadRevision(view, *std::move(key), revision, current);
}

std::string_view TableName(std::string_view key) {
  switch (key.empty() ? '\0' : key.front()) {
    case storage::kSettingsTable:
      return "registry";
    case storage::kRegistrantTable:
      return "registrants";
    case storage::kPrefixTable:
      return "prefixes";
    case storage::kCredentialTable:
      return "credentials";
    case storage::kRecordTable:
      return "records";
    case storage::kOrganizationCodeTable:
      return "organization_codes";
    case storage::kPrefixCountersTable:
      return "counters";
    default:
      return "";
  }
}

void FillUnreadable(std::string_view key, const absl::Status& error, v1::StoredRow* message) {
  message->set_table(std::string(TableName(key)));
  message->set_resource(ResourceOfKey(key));
  *message->mutable_error() = ToRpcStatus(error);
}

void FillStoredRow(std::string_view key, const storage::Row& row, bool with_parts,
                   const Caller& caller, v1::StoredRow* message) {
  message->set_revision(row.revision);
  message->set_leaf_index(row.leaf_index);
  absl::StatusOr<ReadRow> read = ReadOf(key, row, with_parts, caller);
  if (!read.ok()) return FillUnreadable(key, read.status(), message);
  if (read->own_key != key) {
    const std::string fault = Concat("it holds the row of ", read->resource);
    return FillUnreadable(key, storage::RowCorrupt(key, fault), message);
  }
  message->set_table(std::string(TableName(key)));
  message->set_resource(std::move(read->resource));
  for (const StoredPart& part : read->parts) FillPart(part, message->add_parts());
}

}  // namespace gusu::server
