#include "storage/row_corrupt.h"

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/text.h"

namespace gusu::storage {

absl::Status RowCorrupt(std::string_view key, std::string_view what) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               Concat("the row at key ", Quote(key), " is damaged: ", what),
               {{"key_hex", HexEncode(key)}});
}

}  // namespace gusu::storage
