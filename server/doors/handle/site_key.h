// The RSA key that answers are certified with, and that HS_SITE names. Its file is PKCS#8 in PEM,
// so that it can be read and replaced with common tools.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "proto/handle/key.h"

namespace gusu::server {

// Makes a key of 2,048 bits when there is no file. An empty path: in memory only. Fails with
// kFailedPrecondition, naming the file, for one that holds no RSA key.
absl::StatusOr<handle::PrivateKey> ReadOrMakeSiteKey(const std::string& path);

}  // namespace gusu::server
