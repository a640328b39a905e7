// Which values of a record a reader is given: those that it asked for and may read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "server/stored_record.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
class ValueRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class ResolveOptions;
}

namespace gusu::server {

// What the options ask for, by type and index.
class ValueFilter {
 public:
  static constexpr int kTypesMax = 256;
  static constexpr int kIndexesMax = 256;

  // kInvalidArgument / FILTER_MALFORMED for too many types or indexes, for an empty type, and
  // for any with include_proof.
  static absl::StatusOr<ValueFilter> Parse(const v1::ResolveOptions& options);

  // A type that ends in "." covers all that begin with it; a value that matches a type or an index
  // is wanted, and without either all are.
  bool Wants(const storage::v1::ValueRow& value) const;

 private:
  absl::flat_hash_set<std::string> types_;
  std::vector<std::string> type_beginnings_;
  absl::flat_hash_set<uint32_t> indexes_;
};

// What a caller may read of one record's values: all of them the owner, PARTNER and PUBLIC ones the
// prefix's holder and the custodian, PUBLIC ones everybody; more by grants; and what it wrote
// itself. The bureau reads PUBLIC ones, and those of which it told the log why it reads them.
class ReadRight {
 public:
  // `record` is as it stands now. Grants count that have not expired by `now`.
  ReadRight(const storage::Directory& directory, const Caller& caller,
            const storage::v1::RecordRow& record, std::string_view identifier_key, absl::Time now);
  // To any revision of a record, `then`: an answer as of the past is given by the rights of now.
  // `then` decides where nothing stands at the identifier now.
  static absl::StatusOr<ReadRight> ToRevision(const storage::View& view, const Caller& caller,
                                              const StoredRecord& then,
                                              std::string_view identifier_key, absl::Time now);
  // By tier, or because the caller wrote the value.
  bool Covers(const storage::v1::ValueRow& value) const;

 private:
  uint32_t tier_;
  std::string author_;  // registrants/{id}; empty: nobody
};

// Whether the caller may see a record whole, with its history: its prefix's holder, its owner and
// custodian, and the bureau. kPermissionDenied / NOT_PREFIX_HOLDER. `record` is as it stands now.
absl::Status CheckMaySeeHistory(const Caller& caller, const storage::v1::RecordRow& record,
                                const std::string& prefix_holder);

}  // namespace gusu::server
