// Small files that only the server's user may read, written so that a crash leaves the old file or
// the new one, never a part.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace gusu::server {

inline constexpr size_t kPrivateFileBytesMax = 1 << 20;

// Makes `path` with mode 0700 when it is missing; its parent must exist. Durable on return.
absl::Status MakePrivateDirectory(const std::string& path);

// Replaces the file at `path`, with mode 0600. Durable on return. Written by root, it is given to
// the owner of its directory.
absl::Status WritePrivateFile(const std::string& path, const std::string& content);

// kNotFound when there is none; kFailedPrecondition when it cannot be read or is too large.
// Messages name the path.
absl::StatusOr<std::string> ReadPrivateFile(const std::string& path);

// No error when there is none. Durable on return.
absl::Status RemovePrivateFile(const std::string& path);

}  // namespace gusu::server
