// Prefixes whose identifiers are resolved elsewhere: the servers that a holder names, and the
// answer that refers to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/view.h"

namespace google::protobuf {
template <typename Element>
class RepeatedPtrField;
}
namespace gusu::storage::v1 {
class PrefixRow;
}
namespace gusu::v1 {
class Prefix;
class Referral;
class Site;
}  // namespace gusu::v1

namespace gusu::server {

inline constexpr int kSitesMax = 16;

// Replaces the row's sites. kInvalidArgument / FIELD_MISSING or FIELD_INVALID, naming the field
// below `sites`.
absl::Status ReadSites(const google::protobuf::RepeatedPtrField<v1::Site>& sites,
                       storage::v1::PrefixRow* row);
void FillSites(const storage::v1::PrefixRow& row,
               google::protobuf::RepeatedPtrField<v1::Site>* sites);

// kFailedPrecondition / PREFIX_DELEGATED when `prefix` (as written) is at or below a delegated
// prefix.
absl::Status CheckNotDelegated(const storage::Directory& directory, std::string_view prefix);

// Fills the referral when the prefix was at or below a delegated one at `as_of`; whether it was.
absl::StatusOr<bool> FindReferral(const storage::View& view, std::string_view prefix_key,
                                  uint64_t as_of, v1::Referral* referral);

}  // namespace gusu::server
