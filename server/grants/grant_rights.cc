#include "server/grants/grant_rights.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/grant.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/grants/granted_records.h"
#include "server/ownership.h"
#include "server/record_rules.h"
#include "server/write_scope.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

using storage::v1::GrantRow;

class Access {
 public:
  explicit Access(const GrantedAccess& access)
      : access_(access),
        prefix_key_(PrefixKeyIn(access.identifier_key)),
        suffix_key_(access.identifier_key.substr(
            std::min(prefix_key_.size() + 1, access.identifier_key.size()))),
        holder_(PrefixHolder(access.directory, prefix_key_)),
        owner_(OwnerOf(access.record, holder_)) {}

  // Grants that count for the record, in no order.
  template <typename Visit>
  void Each(const Visit& visit) const {
    for (const auto* entry : access_.directory.GrantsTo(access_.registrant, prefix_key_)) {
      if (Counts(*entry->row) && IsInScope(*entry->row)) visit(*entry);
    }
  }

  bool OwnerIsGrantor(const GrantRow& grant) const { return owner_ == grant.grantor(); }

 private:
  bool Counts(const GrantRow& grant) const {
    if (grant.revoked()) return false;
    if (absl::FromUnixMicros(static_cast<int64_t>(grant.expire_time_us())) <= access_.now) {
      return false;
    }
    if (grant.by_holder()) return HoldsStill(access_.directory, grant);
    const int place = PlaceIn(grant);
    return place < grant.suffixes_size() && OwnsStill(grant, place, access_.record);
  }

  // Of the record in the grant's list; its size when it is not there.
  int PlaceIn(const GrantRow& grant) const {
    const auto& suffixes = grant.suffixes();
    const auto found = std::lower_bound(suffixes.begin(), suffixes.end(), suffix_key_);
    if (found == suffixes.end() || *found != suffix_key_) return suffixes.size();
    return static_cast<int>(found - suffixes.begin());
  }

  bool IsInScope(const GrantRow& grant) const {
    switch (grant.scope()) {
      case v1::Grant::kPrefix:
        return true;
      case v1::Grant::kIdentifierBeginning:
        return suffix_key_.substr(0, grant.suffix_beginning().size()) == grant.suffix_beginning();
      case v1::Grant::kTemplateScope:
        return ToKey(access_.record.template_id()) == ToKey(grant.template_id());
      case v1::Grant::kIdentifiers:
        return PlaceIn(grant) < grant.suffixes_size();
      case v1::Grant::kOwnInPrefix:
        return access_.registrant == owner_ ||
               access_.registrant == CustodianOf(access_.record, holder_);
      default:
        return false;
    }
  }

  const GrantedAccess& access_;
  const std::string_view prefix_key_;
  const std::string_view suffix_key_;
  const std::string& holder_;
  const std::string& owner_;
};

void AddOnce(Precondition precondition, std::vector<Precondition>* preconditions) {
  for (const Precondition& existing : *preconditions) {
    if (existing.kind == precondition.kind && existing.key == precondition.key) return;
  }
  preconditions->push_back(std::move(precondition));
}

// Grant and group; the prefix, the grantee and the record are every write's.
void AddPreconditions(const storage::Directory& directory,
                      const storage::Directory::GrantEntry& entry,
                      std::vector<Precondition>* preconditions) {
  const GrantRow& grant = *entry.row;
  AddOnce(AtRevision(storage::GrantKey(grant.grantor(), grant.id()), entry.revision),
          preconditions);
  if (grant.group().empty()) return;
  if (const auto* group = directory.FindGroup(grant.grantor(), grant.group())) {
    AddOnce(AtRevision(storage::GroupKey(grant.grantor(), grant.group()), group->revision),
            preconditions);
  }
}

// Values of `one` that `other` does not have, or has otherwise.
absl::Status CheckDifferences(const storage::v1::RecordRow& one,
                              const storage::v1::RecordRow& other,
                              const std::set<std::string>& types) {
  for (const storage::v1::ValueRow& value : one.values()) {
    const bool is_same = std::any_of(
        other.values().begin(), other.values().end(), [&value](const storage::v1::ValueRow& it) {
          return it.index() == value.index() && it.author() == value.author() &&
                 SameContent(it, value);
        });
    if (is_same || types.contains(value.type())) continue;
    return Error(absl::StatusCode::kPermissionDenied, "ATTRIBUTE_NOT_GRANTED",
                 Concat("you were not granted to write ", Quote(value.type()), " of record ",
                        one.identifier()),
                 {{"identifier", one.identifier()},
                  {"index", std::to_string(value.index())},
                  {"type", value.type()}});
  }
  return absl::OkStatus();
}

}  // namespace

uint32_t TierByGrant(const GrantedAccess& access) {
  const Access of(access);
  uint32_t tier = 0;
  of.Each([&](const storage::Directory::GrantEntry& entry) {
    const uint32_t most = of.OwnerIsGrantor(*entry.row) ? v1::OWNER : v1::PARTNER;
    tier = std::max(tier, std::min(entry.row->read_tier(), most));
  });
  return tier;
}

std::set<std::string> TypesWritableByGrant(const GrantedAccess& access,
                                           std::vector<Precondition>* preconditions) {
  std::set<std::string> types;
  Access(access).Each([&](const storage::Directory::GrantEntry& entry) {
    const auto& attributes = entry.row->write_attributes();
    if (attributes.empty()) return;
    types.insert(attributes.begin(), attributes.end());
    AddPreconditions(access.directory, entry, preconditions);
  });
  return types;
}

absl::Status CheckGrantedChanges(const storage::v1::RecordRow& before,
                                 const storage::v1::RecordRow& after,
                                 const std::set<std::string>& types) {
  GUSU_RETURN_IF_ERROR(CheckDifferences(before, after, types));
  return CheckDifferences(after, before, types);
}

}  // namespace gusu::server
