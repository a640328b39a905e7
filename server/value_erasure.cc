#include "server/value_erasure.h"

#include <algorithm>
#include <set>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

absl::Status CheckRequest(const v1::EraseValuesRequest& request) {
  if (request.tier() == v1::TIER_UNSPECIFIED) return FieldMissing("tier");
  if (!v1::Tier_IsValid(request.tier())) {
    return FieldInvalid("tier", std::to_string(request.tier()), "PUBLIC, PARTNER or OWNER");
  }
  if (request.revisions().empty()) return FieldMissing("revisions");
  if (request.revisions_size() > kErasedRevisionsMax) {
    return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
                 Concat(request.revisions_size(), " revisions; at most ", kErasedRevisionsMax,
                        " in one request"),
                 {{"field", "revisions"},
                  {"count", std::to_string(request.revisions_size())},
                  {"count_max", std::to_string(kErasedRevisionsMax)}});
  }
  return CheckReason(request.reason(), true);
}

absl::Status RevisionNotFound(const std::string& identifier, uint64_t revision) {
  return Error(absl::StatusCode::kNotFound, "REVISION_NOT_FOUND",
               Concat("record ", identifier, " has no revision ", revision),
               {{"identifier", identifier}, {"revision", std::to_string(revision)}});
}

// The error's metadata, the same for each reason that names a revision's tier.
ErrorMetadata Where(const StoredRecord& record, const std::string& tier) {
  return {{"identifier", record.row->identifier()},
          {"revision", std::to_string(record.revision)},
          {"tier", tier}};
}

absl::Status CheckMayErase(const StoredRecord& record, v1::Tier tier,
                           const RecordUnderChange& change) {
  const std::string& name = v1::Tier_Name(tier);
  const bool erases_all = change.scope.is_holder && !change.acting.on_behalf_of.empty();
  bool is_there = false;
  for (const stored::ValueRow& value : record.row->values()) {
    if (value.tier() != static_cast<uint32_t>(tier)) continue;
    is_there = true;
    if (erases_all || MayAlterValuesOf(value.author(), change)) continue;
    ErrorMetadata metadata = Where(record, name);
    metadata.emplace_back("author", value.author());
    return Error(absl::StatusCode::kPermissionDenied, "VALUE_OF_OTHER_AUTHOR",
                 Concat("revision ", record.revision, " of record ", record.row->identifier(),
                        " has ", name, " values of ", value.author()),
                 std::move(metadata));
  }
  if (is_there) return absl::OkStatus();
  const auto& erased = record.row->erased_tiers();
  const bool was_erased = std::find(erased.begin(), erased.end(), tier) != erased.end();
  return Error(absl::StatusCode::kFailedPrecondition, "VALUES_NOT_THERE",
               Concat("revision ", record.revision, " of record ", record.row->identifier(),
                      " has no ", name, " values", was_erased ? ": they were erased" : ""),
               Where(record, name));
}

// A revision of the record under change.
absl::StatusOr<StoredRecord> ReadRevision(const RecordUnderChange& change, uint64_t revision) {
  const std::string& identifier = change.record->identifier();
  GUSU_ASSIGN_OR_RETURN(const std::optional<storage::Row> row,
                        change.view.GetAsOf(storage::RecordKey(ToKey(identifier)), revision));
  if (!row.has_value() || row->revision != revision) return RevisionNotFound(identifier, revision);
  return DecodeRecord(*row, identifier);
}

absl::Status CheckBytes(size_t bytes) {
  if (bytes <= kErasedBytesMax) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
               Concat("these revisions have more than ", kErasedBytesMax,
                      " bytes: name fewer in one request"),
               {{"field", "revisions"}, {"bytes_max", std::to_string(kErasedBytesMax)}});
}

}  // namespace

absl::Status Apply(const v1::EraseValuesRequest& request, const RecordUnderChange& change) {
  GUSU_RETURN_IF_ERROR(CheckRequest(request));
  GUSU_RETURN_IF_ERROR(CheckHolderOwnerOrCustodian(change));
  const std::set<uint64_t> named(request.revisions().begin(), request.revisions().end());
  std::set<uint64_t> rewritten = named;
  // Its row has a hash of all that was registered, without a salt.
  rewritten.insert(change.record->create_revision());

  size_t bytes = 0;
  for (const uint64_t revision : rewritten) {
    GUSU_ASSIGN_OR_RETURN(const StoredRecord record, ReadRevision(change, revision));
    stored::RecordRow row = *record.row;
    if (named.contains(revision)) {
      GUSU_RETURN_IF_ERROR(CheckMayErase(record, request.tier(), change));
      change.erasures->push_back({record.leaf_index, v1::Tier_Name(request.tier())});
      EraseTier(row, request.tier());
    } else if (row.create_digest().empty() && row.create_request_id().empty()) {
      continue;  // forgotten by an earlier erasure
    }
    row.clear_create_digest();
    row.clear_create_request_id();
    bytes += row.ByteSizeLong();
    GUSU_RETURN_IF_ERROR(CheckBytes(bytes));
    change.rewrites->push_back({storage::RecordKey(ToKey(row.identifier())), record.revision,
                                record.leaf_index, row.SerializeAsString()});
  }
  if (named.contains(change.revision)) EraseTier(*change.record, request.tier());
  return absl::OkStatus();
}

}  // namespace gusu::server
