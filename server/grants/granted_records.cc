#include "server/grants/granted_records.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/status_macros.h"
#include "server/ownership.h"
#include "server/ranges/range_lookup.h"
#include "server/stored_record.h"

namespace gusu::server {

absl::StatusOr<std::optional<std::string>> OwnerNow(const storage::View& view,
                                                    const Identifier& identifier) {
  const uint64_t now = view.last_revision();
  const std::string& holder = PrefixHolder(view.directory(), identifier.prefix_key());
  GUSU_ASSIGN_OR_RETURN(const auto record, ReadRecord(view, identifier.key(), now));
  if (record.has_value()) return std::optional<std::string>(OwnerOf(*record->row, holder));
  GUSU_ASSIGN_OR_RETURN(const auto code, FindRangeCode(view, identifier, now));
  if (code.has_value()) return std::optional<std::string>(OwnerOf(*code->record, holder));
  return std::optional<std::string>();
}

}  // namespace gusu::server
