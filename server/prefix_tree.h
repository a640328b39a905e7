// Which prefixes stand above and below one: those of the node, and those that are granted.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/change.h"
#include "storage/view.h"

namespace gusu::server {

// Prefixes below one that a change of it looks at.
inline constexpr size_t kDescendantsMax = 1000;

// The node's prefix that `prefix` (as written) is below; kFailedPrecondition / PREFIX_OUTSIDE_NODE.
absl::StatusOr<std::string> NodePrefixAbove(const storage::Directory& directory,
                                            std::string_view prefix);

// The nearest granted prefix above, by key; nullptr: none.
const storage::Directory::PrefixEntry* PrefixAbove(const storage::Directory& directory,
                                                   std::string_view prefix_key);

// That nothing is granted between a prefix and what is above it, whose key is `above_key`, becomes
// a precondition.
void AddAbsentBetween(std::string_view prefix_key, std::string_view above_key, Change* change);

// All granted prefixes below, until `visit` fails. That there are no others, and that these stay as
// they are, becomes a precondition. kFailedPrecondition / PREFIXES_TOO_MANY beyond kDescendantsMax.
absl::Status ScanBelow(
    const storage::View& view, std::string_view prefix_key, Change* change,
    const std::function<absl::Status(const storage::Directory::PrefixEntry& below)>& visit);

}  // namespace gusu::server
