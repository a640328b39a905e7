// What is told of a code beside the answer to Resolve: when it changed and how, and who its
// registrants are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::v1 {
class Registrant;
}

namespace gusu::server {

struct CodeChange {
  uint64_t revision = 0;  // microseconds since 1970 UTC
  uint64_t leaf_index = 0;
  std::string operation;  // REGISTER, UPDATE, …
  // Only for who may see the record's history whole (CheckMaySeeHistory); else empty.
  std::string actor;         // registrants/{id} or bureau
  std::string on_behalf_of;  // registrants/{id}
  std::string reason;
};

struct CodeHistory {
  std::vector<CodeChange> changes;  // newest first
  bool has_older = false;
};

// The newest `changes_max` changes up to `as_of`, of the code's own record and before it of its
// serial range: to everybody when and of what kind they were. Empty for a code that was never
// issued. kDataLoss when a row or an opening is damaged.
absl::StatusOr<CodeHistory> ReadCodeHistory(const storage::View& view, const Identifier& identifier,
                                            const Caller& caller, uint64_t as_of,
                                            size_t changes_max);

// What everybody is shown of an approved registrant, its designations included; nullopt: there is
// none of that name (registrants/{id}).
std::optional<v1::Registrant> PublicRegistrant(const storage::Directory& directory,
                                               std::string_view name);

}  // namespace gusu::server
