#include "server/audit/stored_parts.h"

#include <algorithm>
#include <utility>

#include "google/rpc/status.pb.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/audit.pb.h"
#include "proto/error.h"
#include "proto/grant_canonical.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "proto/range_canonical.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/template_canonical.h"
#include "proto/text.h"
#include "proto/transfer_canonical.h"
#include "server/audit/resource_keys.h"
#include "server/grants/grant_names.h"
#include "server/ownership.h"
#include "server/ranges/range_lookup.h"
#include "server/record_message.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/template.h"
#include "server/transfers/transfer_row.h"
#include "server/value_selection.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr std::string_view kBody = "BODY";
constexpr std::string_view kRegistry = "registry";
constexpr std::string_view kPrefixes = "prefixes/";

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

bool IsPartyOrBureau(const Caller& caller, std::string_view one, std::string_view other) {
  return IsItselfOrBureau(caller, one) || IsItselfOrBureau(caller, other);
}

void AddTiers(const stored::RecordRow& record, const ReadRight& right,
              std::vector<StoredPart>* parts) {
  for (const auto& [tier, label, salt] : kTiers) {
    const auto& erased = record.erased_tiers();
    if (std::find(erased.begin(), erased.end(), tier) != erased.end()) {
      parts->push_back({std::string(label), "", "", true, false});
      continue;
    }
    std::string content = CanonicalTier(record, tier);
    if (content.empty()) continue;
    const bool readable = std::all_of(record.values().begin(), record.values().end(),
                                      [&right, tier = tier](const stored::ValueRow& value) {
                                        return value.tier() != tier || right.Covers(value);
                                      });
    parts->push_back({std::string(label), std::move(content), (record.*salt)(), false, readable});
  }
}

absl::StatusOr<std::vector<StoredPart>> PartsOfRecord(const StoredRecord& stored,
                                                      std::string_view identifier_key,
                                                      const PartsReader& reader) {
  std::vector<StoredPart> parts = BodyOf(*stored.row, true);
  GUSU_ASSIGN_OR_RETURN(
      const ReadRight right,
      ReadRight::ToRevision(reader.view, reader.caller, stored, identifier_key, reader.now));
  AddTiers(*stored.row, right, &parts);
  return parts;
}

StoredPart PatternsPart(const stored::RangePatternsRow& patterns, std::string_view prefix_key,
                        const PartsReader& reader) {
  const std::string& holder = PrefixHolder(reader.view.directory(), prefix_key);
  return {std::string(kPatternsLabel), CanonicalBody(patterns), patterns.body_salt(), false,
          IsItselfOrBureau(reader.caller, holder)};
}

// Of the range as it stands now at the row's key: the rights of now count for its past, too.
absl::StatusOr<ReadRight> RightToRange(std::string_view key, const storage::Row& row,
                                       const stored::SerialRangeRow& range,
                                       const PartsReader& reader) {
  stored::SerialRangeRow now;
  GUSU_ASSIGN_OR_RETURN(const auto current, reader.view.Get(key));
  if (current.has_value() && current->revision != row.revision) {
    GUSU_ASSIGN_OR_RETURN(now, Parse<stored::SerialRangeRow>(key, *current));
  } else {
    now = range;
  }
  // Grants of single codes show nothing of the others: the right is that to a code without a name.
  return ReadRight(reader.view.directory(), reader.caller, now.record(),
                   Concat(ToKey(range.prefix()), '/'), reader.now);
}

absl::StatusOr<std::vector<StoredPart>> PartsOfRange(std::string_view key, const storage::Row& row,
                                                     const stored::SerialRangeRow& range,
                                                     const PartsReader& reader) {
  std::vector<StoredPart> parts{
      {std::string(kBody), CanonicalBody(range), range.record().body_salt(), false, true}};
  GUSU_ASSIGN_OR_RETURN(const ReadRight right, RightToRange(key, row, range, reader));
  AddTiers(range.record(), right, &parts);
  const std::string prefix_key = ToKey(range.prefix());
  const std::string patterns_key = storage::RangePatternsKey(prefix_key);
  GUSU_ASSIGN_OR_RETURN(const auto then, reader.view.GetAsOf(patterns_key, row.revision));
  if (then.has_value() && then->revision == row.revision) {
    GUSU_ASSIGN_OR_RETURN(const auto patterns,
                          Parse<stored::RangePatternsRow>(patterns_key, *then));
    parts.push_back(PatternsPart(patterns, prefix_key, reader));
  }
  return parts;
}

// A row as its table reads it.
struct ReadRow {
  std::string resource;           // as the row itself says
  std::string own_key;            // where a row of that resource stands
  std::vector<StoredPart> parts;  // when they are wanted
};

absl::StatusOr<ReadRow> ReadRecordRow(std::string_view key, const storage::Row& row,
                                      bool with_parts, const PartsReader& reader) {
  GUSU_ASSIGN_OR_RETURN(auto record, Parse<stored::RecordRow>(key, row));
  ReadRow read;
  const absl::StatusOr<Identifier> identifier = Identifier::Parse(record.identifier());
  if (identifier.ok()) {
    read.resource = identifier->name();
    read.own_key = storage::RecordKey(identifier->key());
  }
  if (!with_parts) return read;
  const StoredRecord stored{row.revision, row.leaf_index,
                            std::make_shared<const stored::RecordRow>(std::move(record))};
  GUSU_ASSIGN_OR_RETURN(read.parts, PartsOfRecord(stored, NameIn(key), reader));
  return read;
}

absl::StatusOr<ReadRow> ReadRangeRow(std::string_view key, const storage::Row& row, bool with_parts,
                                     const PartsReader& reader) {
  GUSU_ASSIGN_OR_RETURN(const auto range, Parse<stored::SerialRangeRow>(key, row));
  ReadRow read;
  read.resource = SerialRangeName(range.prefix(), range.pattern_number(), range.last_serial());
  read.own_key =
      storage::SerialRangeKey(ToKey(range.prefix()), range.pattern_number(), range.last_serial());
  if (!with_parts) return read;
  GUSU_ASSIGN_OR_RETURN(read.parts, PartsOfRange(key, row, range, reader));
  return read;
}

absl::StatusOr<ReadRow> ReadPatternsRow(std::string_view key, const storage::Row& row,
                                        bool with_parts, const PartsReader& reader) {
  GUSU_ASSIGN_OR_RETURN(const auto patterns, Parse<stored::RangePatternsRow>(key, row));
  ReadRow read{ResourceOfKey(key), std::string(key), {}};
  if (with_parts) read.parts = {PatternsPart(patterns, NameIn(key), reader)};
  return read;
}

// A row all of which one commitment binds: `message` is of `resource` and stands at `own_key`.
template <typename Message>
ReadRow Whole(std::string resource, std::string own_key, const Message& message, bool with_parts,
              bool readable) {
  ReadRow read{std::move(resource), std::move(own_key), {}};
  if (with_parts) read.parts = BodyOf(message, readable);
  return read;
}

absl::StatusOr<ReadRow> ReadOf(std::string_view key, const storage::Row& row, bool with_parts,
                               const PartsReader& reader) {
  const Caller& caller = reader.caller;
  switch (key.empty() ? '\0' : key.front()) {
    case storage::kSettingsTable: {
      GUSU_ASSIGN_OR_RETURN(const auto settings, Parse<stored::SettingsRow>(key, row));
      return Whole(std::string(kRegistry), storage::SettingsKey(), settings, with_parts, true);
    }
    case storage::kRegistrantTable: {
      GUSU_ASSIGN_OR_RETURN(const auto registrant, Parse<stored::RegistrantRow>(key, row));
      return Whole(RegistrantName(NameIn(key)), std::string(key), registrant, with_parts,
                   IsItselfOrBureau(caller, NameIn(key)));
    }
    case storage::kPrefixTable: {
      GUSU_ASSIGN_OR_RETURN(const auto prefix, Parse<stored::PrefixRow>(key, row));
      const bool readable = caller.role != Role::kAnonymous && caller.role != Role::kApplicant;
      return Whole(Concat(kPrefixes, prefix.prefix()), storage::PrefixKey(ToKey(prefix.prefix())),
                   prefix, with_parts, readable);
    }
    case storage::kCredentialTable: {
      GUSU_ASSIGN_OR_RETURN(const auto credential, Parse<stored::CredentialRow>(key, row));
      return Whole(CredentialName(credential.registrant(), credential.id()),
                   storage::CredentialKey(credential.registrant(), credential.id()), credential,
                   with_parts, IsItselfOrBureau(caller, credential.registrant()));
    }
    case storage::kTemplateTable: {
      GUSU_ASSIGN_OR_RETURN(const auto templ, Parse<stored::TemplateRow>(key, row));
      const bool readable =
          templ.draft_attributes().empty() || IsItselfOrBureau(caller, templ.owner());
      return Whole(TemplateName(templ.id()), storage::TemplateKey(templ.id()), templ, with_parts,
                   readable);
    }
    case storage::kGrantTable: {
      GUSU_ASSIGN_OR_RETURN(const auto grant, Parse<stored::GrantRow>(key, row));
      return Whole(GrantName(grant.grantor(), grant.id()),
                   storage::GrantKey(grant.grantor(), grant.id()), grant, with_parts,
                   IsPartyOrBureau(caller, grant.grantor(), grant.grantee()));
    }
    case storage::kGroupTable: {
      GUSU_ASSIGN_OR_RETURN(const auto group, Parse<stored::GroupRow>(key, row));
      return Whole(GroupName(group.registrant(), group.id()),
                   storage::GroupKey(group.registrant(), group.id()), group, with_parts,
                   IsItselfOrBureau(caller, group.registrant()));
    }
    case storage::kTransferTable: {
      GUSU_ASSIGN_OR_RETURN(const auto transfer, Parse<stored::TransferRow>(key, row));
      return Whole(TransferName(transfer.id()), storage::TransferKey(transfer.id()), transfer,
                   with_parts, IsPartyOrBureau(caller, transfer.from(), transfer.to()));
    }
    case storage::kRecordTable:
      return ReadRecordRow(key, row, with_parts, reader);
    case storage::kSerialRangeTable:
      return ReadRangeRow(key, row, with_parts, reader);
    case storage::kRangePatternsTable:
      return ReadPatternsRow(key, row, with_parts, reader);
    case storage::kOrganizationCodeTable: {
      GUSU_ASSIGN_OR_RETURN(const auto code, Parse<stored::OrganizationCodeRow>(key, row));
      return ReadRow{RegistrantName(code.registrant()), std::string(key), {}};
    }
    default:
      return ReadRow{ResourceOfKey(key), std::string(key), {}};
  }
}

}  // namespace

absl::StatusOr<std::vector<StoredPart>> PartsOf(std::string_view key, const storage::Row& row,
                                                const PartsReader& reader) {
  GUSU_ASSIGN_OR_RETURN(ReadRow read, ReadOf(key, row, true, reader));
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

void FillUnreadable(std::string_view key, const absl::Status& error, v1::StoredRow* message) {
  message->set_table(std::string(TableName(key)));
  message->set_resource(ResourceOfKey(key));
  *message->mutable_error() = ToRpcStatus(error);
}

void FillStoredRow(std::string_view key, const storage::Row& row, bool with_parts,
                   const PartsReader& reader, v1::StoredRow* message) {
  message->set_revision(row.revision);
  message->set_leaf_index(row.leaf_index);
  absl::StatusOr<ReadRow> read = ReadOf(key, row, with_parts, reader);
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
