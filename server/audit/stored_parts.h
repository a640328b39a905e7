// A stored row as its commitments see it: which resource it is of, and what each part holds.
//
// Nothing here compares a row with the log; what is shown is what is stored. May be called from any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::v1 {
class ContentPart;
class StoredRow;
}  // namespace gusu::v1

namespace gusu::server {

// Who reads a row, of which state, and by which time its grants must not have expired.
struct PartsReader {
  const storage::View& view;
  const Caller& caller;
  absl::Time now;
};

// BODY, a tier of a record's values, or the PATTERNS that came with a serial range.
struct StoredPart {
  std::string label;
  std::string content;  // canonical bytes; empty when erased
  std::string salt;
  bool erased = false;
  bool readable = false;  // by the caller
};

// The parts that a row holds, in the order of commitments; none for rows of tables that nothing
// binds. `key` is the row's, not its place in history. Of a serial range that was allocated with
// this row they include its prefix's patterns as the same change left them.
//
// Readable are: of a record and a range the BODY and the tiers of which the caller may read every
// value; of a registrant, a credential and a group all to itself and the bureau; of a prefix all to
// those with a credential; of patterns to the prefix's holder and the bureau; of a template to
// everybody unless it has a draft, and to its owner and the bureau; of a grant and a transfer to
// both sides and the bureau; of the settings all to everybody. kDataLoss / RECORD_CORRUPT when the
// payload is not its table's.
absl::StatusOr<std::vector<StoredPart>> PartsOf(std::string_view key, const storage::Row& row,
                                                const PartsReader& reader);

// Bytes and salt where the caller may read them, else the commitment that they make.
void FillPart(const StoredPart& part, v1::ContentPart* message);

// The row that the change with this revision wrote of a resource: current, or in history. kDataLoss
// / RECORD_CORRUPT when it is not there.
struct RevisionRow {
  std::string key;
  storage::Row row;
  bool current = false;
};
absl::StatusOr<RevisionRow> ReadRevision(const storage::View& view, std::string_view resource,
                                         uint64_t revision);
// The same when the current row was read before; `current` is it.
absl::StatusOr<RevisionRow> ReadRevision(
    const storage::View& view, std::string key, uint64_t revision,
    const absl::StatusOr<std::optional<storage::Row>>& current);

// Fills all of it but `current`, from the row's payload where that can be read; `with_parts`: its
// parts as well. Faults go to `error`.
void FillStoredRow(std::string_view key, const storage::Row& row, bool with_parts,
                   const PartsReader& reader, v1::StoredRow* message);
// A row that cannot be read, under the name that its key says.
void FillUnreadable(std::string_view key, const absl::Status& error, v1::StoredRow* message);

}  // namespace gusu::server
