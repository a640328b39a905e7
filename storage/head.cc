#include "storage/head.h"

#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/keys.h"
#include "storage/row.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {
namespace {

// The log has exactly the leaves that the head counts: a store is never continued from another
// place.
absl::Status CheckLog(const Snapshot& snapshot, const Head& head) {
  if (head.leaf_count > 0) {
    const std::string last = OpeningKey(head.leaf_count - 1);
    GUSU_ASSIGN_OR_RETURN(const std::optional<std::string> opening, snapshot.Get(last));
    if (!opening.has_value()) {
      return RowCorrupt(last,
                        Concat("no opening, and the head counts ", head.leaf_count, " leaves"));
    }
  }
  std::string beyond;
  GUSU_RETURN_IF_ERROR(snapshot.Scan(OpeningKey(head.leaf_count),
                                     AfterBeginning(std::string(1, kOpeningTable)),
                                     [&beyond](std::string_view key, std::string_view) {
                                       beyond = key;
                                       return false;
                                     }));
  if (beyond.empty()) return absl::OkStatus();
  return RowCorrupt(beyond, Concat("an opening, and the head counts ", head.leaf_count, " leaves"));
}

absl::Status CheckEmpty(const Snapshot& snapshot) {
  std::string first;
  GUSU_RETURN_IF_ERROR(snapshot.Scan("", "", [&first](std::string_view key, std::string_view) {
    first = key;
    return false;
  }));
  if (first.empty()) return absl::OkStatus();
  return RowCorrupt(first, "the store has no head");
}

absl::Status AddTable(const Snapshot& snapshot, const Head& head, char table,
                      std::vector<Directory::Replacement>& rows) {
  const std::string beginning(1, table);
  absl::Status status;
  GUSU_RETURN_IF_ERROR(snapshot.Scan(
      beginning, AfterBeginning(beginning), [&](std::string_view key, std::string_view bytes) {
        absl::StatusOr<Row> row = DecodeRow(bytes);
        if (!row.ok()) {
          status = RowCorrupt(key, "not a row");
          return false;
        }
        if (row->revision > head.last_revision || row->leaf_index >= head.leaf_count) {
          status = RowCorrupt(key, Concat("of leaf ", row->leaf_index, ", and the head counts ",
                                          head.leaf_count, " leaves"));
          return false;
        }
        rows.push_back({std::string(key), *std::move(row)});
        return true;
      }));
  return status;
}

absl::StatusOr<std::shared_ptr<const Directory>> ReadDirectory(const Snapshot& snapshot,
                                                               const Head& head) {
  std::vector<Directory::Replacement> rows;
  for (const char table : Directory::kTables) {
    GUSU_RETURN_IF_ERROR(AddTable(snapshot, head, table, rows));
  }
  return Directory().With(rows);
}

}  // namespace

std::string EncodeHead(const Head& head) {
  v1::Head row;
  row.set_format(kStoreFormat);
  row.set_leaf_count(head.leaf_count);
  row.set_last_revision(head.last_revision);
  row.set_leader_epoch(head.leader_epoch);
  row.set_requests_swept_leaf_count(head.requests_swept_leaf_count);
  row.set_root(std::string(AsBytes(head.root)));
  return row.SerializeAsString();
}

absl::StatusOr<Head> DecodeHead(std::string_view bytes) {
  v1::Head row;
  if (!row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return RowCorrupt(HeadKey(), "not a Head");
  }
  if (row.format() != kStoreFormat) {
    return Error(
        absl::StatusCode::kFailedPrecondition, "STORE_FORMAT_UNKNOWN",
        Concat("the store has format ", row.format(), ", and this server knows format ",
               kStoreFormat),
        {{"format", std::to_string(row.format())}, {"format_known", std::to_string(kStoreFormat)}});
  }
  const std::optional<Hash> root = HashFromBytes(row.root());
  if (!root.has_value()) return RowCorrupt(HeadKey(), "its root is not 32 bytes");
  return Head{row.leaf_count(), row.last_revision(), row.leader_epoch(),
              row.requests_swept_leaf_count(), *root};
}

absl::StatusOr<StoreState> ReadStore(Engine& engine) {
  StoreState state;
  GUSU_ASSIGN_OR_RETURN(state.snapshot, engine.Latest());
  GUSU_ASSIGN_OR_RETURN(state.head_bytes, state.snapshot->Get(HeadKey()));
  if (!state.head_bytes.has_value()) {
    GUSU_RETURN_IF_ERROR(CheckEmpty(*state.snapshot));
  } else {
    GUSU_ASSIGN_OR_RETURN(state.head, DecodeHead(*state.head_bytes));
    GUSU_RETURN_IF_ERROR(CheckLog(*state.snapshot, state.head));
  }
  GUSU_ASSIGN_OR_RETURN(state.directory, ReadDirectory(*state.snapshot, state.head));
  GUSU_ASSIGN_OR_RETURN(state.audit_tree, AuditTree::Read(*state.snapshot, state.head));
  return state;
}

}  // namespace gusu::storage
