// The batch or model whose values a record inherits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "storage/view.h"

namespace gusu::v1 {
class InstanceOf;
}

namespace gusu::server {

struct Ancestor {
  std::string identifier;  // as written
  std::string key;         // comparison key
  uint32_t level = 0;      // number of gusu.v1.Record.Level
  uint32_t state = 0;
  std::string template_id;
  // Of the row that was read; nullopt: it is registered in the same change set.
  std::optional<uint64_t> revision;
};

// The record that `instance_of` names, at the fixed revision if it says one. kFailedPrecondition /
// INSTANCE_OF_REFUSED when there is none.
absl::StatusOr<Ancestor> FindAncestor(const storage::View& view, const v1::InstanceOf& instance_of);

// Whether a record of `level` with this key may inherit from it: an ITEM from a BATCH or a MODEL, a
// BATCH from a MODEL, never from itself or from a retired record. kFailedPrecondition /
// INSTANCE_OF_REFUSED.
absl::Status CheckAncestor(const Ancestor& ancestor, std::string_view key, uint32_t level);

}  // namespace gusu::server
