// The file that Handle tools keep a private key in (privkey.bin, admpriv.bin): the key's record,
// plain or encrypted under a passphrase.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/key.h"

namespace gusu::handle {

// Plain when the passphrase is empty (type 1), else AES-128 in CBC mode under a key that PBKDF2
// makes of it in 10,000 iterations (type 4).
std::string EncodePrivateKeyFile(const PrivateKey& key, std::string_view passphrase);

// Reads types 1 and 4. HANDLE_MALFORMED for another type, more than kIterationsMax iterations, and
// a file that the passphrase does not open: nothing tells the wrong one from a damaged file.
absl::StatusOr<PrivateKey> DecodePrivateKeyFile(std::string_view file, std::string_view passphrase);

}  // namespace gusu::handle
