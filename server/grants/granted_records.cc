#include "server/grants/granted_records.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/status_macros.h"
#include "server/ranges/range_lookup.h"
#include "server/stored_record.h"

namespace gusu::server {

absl::StatusOr<std::shared_ptr<const storage::v1::RecordRow>> RecordNow(
    const storage::View& view, const Identifier& identifier) {
  const uint64_t now = view.last_revision();
  GUSU_ASSIGN_OR_RETURN(const auto record, ReadRecord(view, identifier.key(), now));
  if (record.has_value()) return record->row;
  GUSU_ASSIGN_OR_RETURN(const auto code, FindRangeCode(view, identifier, now));
  return code.has_value() ? code->record : nullptr;
}

bool HoldsStill(const storage::Directory& directory, const storage::v1::GrantRow& grant) {
  const auto* prefix = directory.FindPrefix(grant.prefix_key());
  return prefix != nullptr && prefix->row->holder() == grant.grantor() &&
         grant.passing_counts_size() == 1 &&
         prefix->row->passing_count() == grant.passing_counts(0);
}

bool OwnsStill(const storage::v1::GrantRow& grant, int place,
               const storage::v1::RecordRow& record) {
  return record.owner() == grant.grantor() && place < grant.passing_counts_size() &&
         record.passing_count() == grant.passing_counts(place);
}

}  // namespace gusu::server
