#include "server/readable_record.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "server/record_message.h"
#include "server/withheld_values.h"

namespace gusu::server {

void FillReadable(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                  uint64_t revision, uint64_t leaf_index, const ReadRight& right,
                  v1::Record* record) {
  FillRecord(row, prefix_holder, revision, leaf_index, record);
  WithheldValues withheld;
  for (const storage::v1::ValueRow& value : row.values()) {
    if (right.Covers(value)) {
      FillValue(value, revision, record->add_values());
    } else {
      withheld.Add(value.tier());
    }
  }
  withheld.Tell(record);
}

void FillReadable(const StoredRecord& stored, const std::string& prefix_holder,
                  const ReadRight& right, v1::Record* record) {
  FillReadable(*stored.row, prefix_holder, stored.revision, stored.leaf_index, right, record);
}

}  // namespace gusu::server
