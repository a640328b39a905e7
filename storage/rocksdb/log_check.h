// Tells a torn tail of the write-ahead log from damage, which RocksDB itself does not: to it, a
// damaged length and zeros in the middle look like the end, and what follows is dropped without a
// word.
//
// Every commit is synced before the next one begins, so a crash can only have torn the last one. A
// fault in the log is a torn commit when no other commit begins after it, and either the file ends
// in it or one of its sectors holds only zeros (it never reached the disk). Any other fault is
// damage.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace gusu::storage {

// Checks the write-ahead logs of a closed store before it is opened, and cuts a torn commit off the
// newest. kDataLoss / RECORD_CORRUPT names the file and the offset of damage; then nothing was
// changed.
absl::Status CheckLogs(const std::string& directory,
                       const std::function<void(std::string_view)>& log);

}  // namespace gusu::storage
