#include "server/stored_record.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/as_of.h"

namespace gusu::server {

absl::StatusOr<StoredRecord> DecodeRecord(const storage::Row& row, std::string_view identifier) {
  auto record = std::make_shared<storage::v1::RecordRow>();
  if (!record->ParseFromString(row.payload)) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 Concat("the stored record of ", Quote(identifier), " is damaged"),
                 {{"identifier", std::string(identifier)},
                  {"revision", std::to_string(row.revision)},
                  {"leaf_index", std::to_string(row.leaf_index)}});
  }
  return StoredRecord{row.revision, row.leaf_index, std::move(record)};
}

absl::StatusOr<std::optional<StoredRecord>> ReadRecord(const storage::View& view,
                                                       std::string_view identifier_key,
                                                       uint64_t revision) {
  GUSU_ASSIGN_OR_RETURN(const std::optional<storage::Row> row,
                        view.GetAsOf(storage::RecordKey(identifier_key), revision));
  if (!row) return std::optional<StoredRecord>();
  GUSU_ASSIGN_OR_RETURN(StoredRecord record, DecodeRecord(*row, identifier_key));
  return std::optional<StoredRecord>(std::move(record));
}

absl::Status RecordNotFound(const storage::View& view, const Identifier& identifier,
                            uint64_t as_of) {
  if (view.directory().FindPrefix(identifier.prefix_key()) == nullptr) {
    return Error(
        absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
        Concat("prefix ", identifier.prefix(), " is not granted"),
        {{"identifier", identifier.written()}, {"prefix", std::string(identifier.prefix())}});
  }
  ErrorMetadata metadata{{"identifier", identifier.written()}};
  std::string message = Concat("identifier ", Quote(identifier.written()), " is not registered");
  if (as_of < view.last_revision()) {
    GUSU_ASSIGN_OR_RETURN(const auto now, ReadRecord(view, identifier.key(), view.last_revision()));
    message = Concat("identifier ", Quote(identifier.written()), " was not registered as of ",
                     RevisionTime(as_of));
    metadata.emplace_back("as_of_time", RevisionTime(as_of));
    if (now) {
      const uint64_t created =
          now->row->create_revision() != 0 ? now->row->create_revision() : now->revision;
      message += Concat("; it is since ", RevisionTime(created));
      metadata.emplace_back("create_time", RevisionTime(created));
    }
  }
  return Error(absl::StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND", message, std::move(metadata));
}

}  // namespace gusu::server
