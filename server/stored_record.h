// Records as a view holds them, and the errors for those that it does not.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}

namespace gusu::server {

struct StoredRecord {
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::shared_ptr<const storage::v1::RecordRow> row;
};

// kDataLoss / RECORD_CORRUPT when the row's payload is no record. `identifier` is for the message.
absl::StatusOr<StoredRecord> DecodeRecord(const storage::Row& row, std::string_view identifier);

// The record as of `revision`; nullopt when there was none then.
absl::StatusOr<std::optional<StoredRecord>> ReadRecord(const storage::View& view,
                                                       std::string_view identifier_key,
                                                       uint64_t revision);

// kNotFound: PREFIX_NOT_FOUND when the identifier's own prefix was never granted, else
// IDENTIFIER_NOT_FOUND, which says since when it is registered if that is only later than `as_of`.
absl::Status RecordNotFound(const storage::View& view, const Identifier& identifier,
                            uint64_t as_of);

}  // namespace gusu::server
