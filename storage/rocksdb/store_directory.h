// The directory of a store, apart from the database in it.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"

namespace gusu::storage {

// Makes the directory if it is missing, and closes it to other users (mode 0700).
absl::Status PrepareDirectory(const std::string& directory);

// Bytes in the files of `directory` whose names end in `ending`; 0 when it cannot be read.
size_t BytesInFiles(const std::string& directory, const std::string& ending);

// Whether `bytes` can be written to a new file in `directory` and synced; the file is removed.
absl::Status ProbeWritable(const std::string& directory, size_t bytes);

}  // namespace gusu::storage
