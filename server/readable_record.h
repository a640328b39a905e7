// Records as a reader is shown them.
#pragma once

#include <string>

#include "server/stored_record.h"
#include "server/value_selection.h"

namespace gusu::v1 {
class Record;
}

namespace gusu::server {

// All of a record, with those of its own values that the right covers, and how many others there
// are of which tiers. `prefix_holder` is the holder of its prefix as of the answer.
void FillReadable(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                  uint64_t revision, uint64_t leaf_index, const ReadRight& right,
                  v1::Record* record);
void FillReadable(const StoredRecord& stored, const std::string& prefix_holder,
                  const ReadRight& right, v1::Record* record);

}  // namespace gusu::server
