#include "server/value_selection.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/grants/grant_rights.h"
#include "server/logged_reads.h"
#include "server/ownership.h"
#include "server/ranges/range_lookup.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

absl::Status Malformed(std::string_view field, std::string_view why, size_t count) {
  return Error(absl::StatusCode::kInvalidArgument, "FILTER_MALFORMED", Concat(field, " ", why),
               {{"field", std::string(field)}, {"count", std::to_string(count)}});
}

// A claim proves who applied, not who may read what the registrant wrote since.
bool ReadsAsRegistrant(const Caller& caller) {
  return !caller.registrant.empty() && caller.role != Role::kApplicant;
}

}  // namespace

absl::StatusOr<ValueFilter> ValueFilter::Parse(const v1::ResolveOptions& options) {
  const auto types_count = static_cast<size_t>(options.types_size());
  const auto indexes_count = static_cast<size_t>(options.indexes_size());
  if (options.types_size() > kTypesMax) {
    return Malformed("options.types", Concat("are ", types_count, ", more than ", kTypesMax),
                     types_count);
  }
  if (options.indexes_size() > kIndexesMax) {
    return Malformed("options.indexes", Concat("are ", indexes_count, ", more than ", kIndexesMax),
                     indexes_count);
  }
  if (options.include_proof() && types_count + indexes_count > 0) {
    return Malformed(types_count > 0 ? "options.types" : "options.indexes",
                     "cannot be given with include_proof: a proof has whole tiers",
                     types_count > 0 ? types_count : indexes_count);
  }
  ValueFilter filter;
  for (const std::string& type : options.types()) {
    if (type.empty()) return Malformed("options.types", "contain an empty type", types_count);
    if (type.back() == '.') {
      filter.type_beginnings_.push_back(type);
    } else {
      filter.types_.insert(type);
    }
  }
  filter.indexes_.insert(options.indexes().begin(), options.indexes().end());
  return filter;
}

bool ValueFilter::Wants(const storage::v1::ValueRow& value) const {
  if (types_.empty() && type_beginnings_.empty() && indexes_.empty()) return true;
  if (indexes_.contains(value.index()) || types_.contains(value.type())) return true;
  for (const std::string& beginning : type_beginnings_) {
    if (value.type().compare(0, beginning.size(), beginning) == 0) return true;
  }
  return false;
}

ReadRight::ReadRight(const storage::Directory& directory, const Caller& caller,
                     const storage::v1::RecordRow& record, std::string_view identifier_key,
                     absl::Time now)
    : tier_(v1::PUBLIC) {
  if (caller.is_bureau()) {
    const LoggedReads* logged = caller.reads_with_reason.get();
    if (logged != nullptr && logged->Covers(identifier_key)) tier_ = v1::OWNER;
    return;
  }
  if (!ReadsAsRegistrant(caller)) return;
  author_ = RegistrantName(caller.registrant);
  const std::string& holder = PrefixHolder(directory, PrefixKeyIn(identifier_key));
  if (caller.registrant == OwnerOf(record, holder)) {
    tier_ = v1::OWNER;
    return;
  }
  if (caller.registrant == holder || caller.registrant == CustodianOf(record, holder)) {
    tier_ = v1::PARTNER;
  }
  tier_ = std::max(tier_, TierByGrant({directory, caller.registrant, record, identifier_key, now}));
}

absl::StatusOr<ReadRight> ReadRight::ToRevision(const storage::View& view, const Caller& caller,
                                                const StoredRecord& then,
                                                std::string_view identifier_key, absl::Time now) {
  // Of all others the record says nothing.
  if (ReadsAsRegistrant(caller)) {
    GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> current,
                          ReadRecord(view, identifier_key, view.last_revision()));
    if (current) return ReadRight(view.directory(), caller, *current->row, identifier_key, now);
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(identifier_key));
    GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> code,
                          FindRangeCode(view, identifier, view.last_revision()));
    if (code) return ReadRight(view.directory(), caller, *code->record, identifier_key, now);
  }
  return ReadRight(view.directory(), caller, *then.row, identifier_key, now);
}

bool ReadRight::Covers(const storage::v1::ValueRow& value) const {
  return value.tier() <= tier_ || (!author_.empty() && value.author() == author_);
}

absl::Status CheckMaySeeHistory(const Caller& caller, const storage::v1::RecordRow& record,
                                const std::string& prefix_holder) {
  const std::string& id = caller.registrant;
  if (caller.is_bureau()) return absl::OkStatus();
  if (!id.empty() && (id == prefix_holder || id == OwnerOf(record, prefix_holder) ||
                      id == CustodianOf(record, prefix_holder))) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
               Concat("record ", Quote(record.identifier()),
                      " is shown whole only to its holder, owner and custodian and to the bureau; "
                      "Resolve shows what you may read of it"),
               {{"identifier", record.identifier()}, {"registrant", id}});
}

}  // namespace gusu::server
