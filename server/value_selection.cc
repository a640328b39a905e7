#include "server/value_selection.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/record_message.h"
#include "server/resource_fields.h"
#include "server/template.h"

namespace gusu::server {
namespace {

absl::Status Malformed(std::string_view field, std::string_view why, size_t count) {
  return Error(absl::StatusCode::kInvalidArgument, "FILTER_MALFORMED", Concat(field, " ", why),
               {{"field", std::string(field)}, {"count", std::to_string(count)}});
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

ReadRight::ReadRight(const Caller& caller, const storage::v1::RecordRow& record)
    // The bureau reads beyond PUBLIC only with a reason that the registrant can see afterwards, and
    // a read of today carries none.
    : tier_(caller.is_bureau() ? kTierPublic
                               : ReadableTier(caller, OwnerOf(record), record.issued_by())) {
  // A claim proves who applied, not who may read what the registrant wrote since.
  if (!caller.registrant.empty() && caller.role != Role::kApplicant) {
    author_ = RegistrantName(caller.registrant);
  }
}

bool ReadRight::Covers(const storage::v1::ValueRow& value) const {
  return value.tier() <= tier_ || (!author_.empty() && value.author() == author_);
}

absl::Status CheckMaySeeHistory(const Caller& caller, const storage::v1::RecordRow& record,
                                const std::string& prefix_holder) {
  const std::string& id = caller.registrant;
  if (caller.is_bureau()) return absl::OkStatus();
  if (!id.empty() && (id == prefix_holder || id == record.issued_by() || id == OwnerOf(record) ||
                      id == CustodianOf(record))) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
               Concat("record ", Quote(record.identifier()),
                      " is shown whole only to its holder, its owner and the bureau; Resolve shows "
                      "what you may read of it"),
               {{"identifier", record.identifier()}, {"registrant", id}});
}

}  // namespace gusu::server
