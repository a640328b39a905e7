#include "server/prefix_quota.h"

#include <limits>
#include <string>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/registrar_changes.h"
#include "server/resource_fields.h"

namespace gusu::server {

using storage::v1::PrefixRow;

absl::Status CheckQuotaHolds(const storage::View& view, const std::string& prefix,
                             uint64_t quota_granted, uint64_t quota, Change* change) {
  if (quota == 0) return absl::OkStatus();
  const std::string prefix_key = ToKey(prefix);
  GUSU_ASSIGN_OR_RETURN(const uint64_t code_count, view.CodeCount(prefix_key));
  if (quota_granted > quota || code_count > quota - quota_granted) {
    return Error(absl::StatusCode::kFailedPrecondition, "QUOTA_EXCEEDED",
                 Concat("prefix ", prefix, " has ", code_count, " codes and granted ",
                        quota_granted, " to the prefixes below it: more than ", quota),
                 {{"prefix", prefix},
                  {"quota", std::to_string(quota)},
                  {"code_count", std::to_string(code_count)},
                  {"quota_granted", std::to_string(quota_granted)}});
  }
  Precondition precondition;
  precondition.kind = Precondition::Kind::kQuota;
  precondition.key = prefix_key;
  precondition.limit = quota - quota_granted;
  change->preconditions.push_back(std::move(precondition));
  return absl::OkStatus();
}

absl::Status PassQuota(const storage::View& view, const storage::Directory::PrefixEntry& above,
                       uint64_t before, uint64_t after, const Acting& acting, const Caller& caller,
                       storage::ChangeSet* set) {
  PrefixRow row = *above.row;
  if (after == 0 && row.quota() != 0) {
    return FieldInvalid("quota", "0",
                        Concat("prefix ", row.prefix(), " above has a quota of ", row.quota(),
                               ", so what is derived from it has one"));
  }
  if (before == after) return absl::OkStatus();
  const uint64_t others = row.quota_granted() - before;
  if (after > std::numeric_limits<uint64_t>::max() - others) {
    return FieldInvalid("quota", std::to_string(after), "it is too large");
  }
  row.set_quota_granted(others + after);
  const std::string prefix = row.prefix();
  const uint64_t quota_granted = row.quota_granted(), quota = row.quota();
  Change change = ChangeOfPrefix(Operation::kUpdatePrefix, above, std::move(row), acting, caller);
  GUSU_RETURN_IF_ERROR(CheckQuotaHolds(view, prefix, quota_granted, quota, &change));
  set->changes.push_back(std::move(change));
  return absl::OkStatus();
}

}  // namespace gusu::server
