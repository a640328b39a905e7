// What of a prefix's quota its holder has granted to the prefixes derived from it.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "server/access.h"
#include "storage/ledger.h"

namespace gusu::server {

// Changes what a derived prefix has of the quota of `above`, from `before` to `after` (0 before: it
// had none; 0 after: no limit, where `above` has none either), as a further change of the set.
// kFailedPrecondition / QUOTA_EXCEEDED, kInvalidArgument / FIELD_INVALID.
absl::Status PassQuota(const storage::View& view, const storage::Directory::PrefixEntry& above,
                       uint64_t before, uint64_t after, const Acting& acting, const Caller& caller,
                       storage::ChangeSet* set);

// Whether what exists below the prefix, and what of its quota was granted, leave room for a quota
// of `quota`; that it stays so becomes a precondition of `change`. kFailedPrecondition /
// QUOTA_EXCEEDED.
absl::Status CheckQuotaHolds(const storage::View& view, const std::string& prefix,
                             uint64_t quota_granted, uint64_t quota, Change* change);

}  // namespace gusu::server
