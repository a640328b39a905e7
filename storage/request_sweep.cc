#include "storage/request_sweep.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/canonical.h"
#include "proto/status_macros.h"
#include "storage/keys.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {
namespace {

// Field 7 of proto/opening.h, without decoding the rest: a sweep examines every leaf once.
absl::StatusOr<uint64_t> RevisionOfOpening(std::string_view opening) {
  constexpr uint8_t kVersion = 1;
  constexpr uint8_t kRevision = 7;
  GUSU_ASSIGN_OR_RETURN(CanonicalReader reader, CanonicalReader::Open(opening, kVersion));
  while (true) {
    GUSU_ASSIGN_OR_RETURN(const auto field, reader.Next());
    if (!field.has_value()) return absl::InvalidArgumentError("an opening without revision");
    if (field->tag == kRevision) return CanonicalReader::NumberOf(*field);
  }
}

}  // namespace

RequestSweep::RequestSweep(absl::Duration retention)
    : retention_us_(static_cast<uint64_t>(absl::ToInt64Microseconds(retention))) {}

absl::StatusOr<uint64_t> RequestSweep::Step(const Snapshot& snapshot, const Head& head,
                                            uint64_t now_us, size_t openings_max, Batch& batch) {
  uint64_t leaf_index = head.requests_swept_leaf_count;
  const uint64_t end = std::min<uint64_t>(head.leaf_count, leaf_index + openings_max);
  std::vector<std::string> keys;
  std::vector<uint64_t> leaves;
  uint64_t due_us = now_us;
  // Nothing left: the next leaf is not before now.
  if (end == head.leaf_count) due_us = now_us + retention_us_;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(snapshot.Scan(
      OpeningKey(leaf_index), OpeningKey(end), [&](std::string_view key, std::string_view bytes) {
        v1::OpeningRow row;
        const bool parsed = row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        const auto revision = RevisionOfOpening(row.opening());
        if (!parsed || !revision.ok()) {
          status = RowCorrupt(key, "not an OpeningRow");
          return false;
        }
        if (*revision + retention_us_ > now_us) {
          due_us = *revision + retention_us_;
          return false;
        }
        if (!row.request_key().empty()) {
          keys.push_back(std::move(*row.mutable_request_key()));
          leaves.push_back(leaf_index);
        }
        ++leaf_index;
        return true;
      }));
  GUSU_RETURN_IF_ERROR(status);
  const auto found = snapshot.MultiGet(keys);
  for (size_t i = 0; i < keys.size(); ++i) {
    GUSU_RETURN_IF_ERROR(found[i].status());
    if (!found[i]->has_value()) continue;
    v1::RequestRow row;
    if (!row.ParseFromString(**found[i])) return RowCorrupt(keys[i], "not a RequestRow");
    // Another row of the same id belongs to a later leaf.
    if (row.first_leaf_index() == leaves[i]) batch.Delete(std::move(keys[i]));
  }
  due_us_ = due_us;
  return leaf_index;
}

}  // namespace gusu::storage
