// A file that a command was told to write.
#pragma once

#include <string>
#include <string_view>

#include "client/cli/failure.h"

namespace gusu::cli {

// Writes the whole file, or leaves what was there: never a part. A directory that does not exist is
// not made.
MaybeFailure WriteOutputFile(const std::string& path, std::string_view content);

}  // namespace gusu::cli
