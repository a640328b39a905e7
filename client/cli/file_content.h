// Whole files as commands take them.
#pragma once

#include <string>

#include "client/cli/failure.h"

namespace gusu::cli {

// Fails when the file is larger than `bytes_max`.
OrFailure<std::string> ReadWholeFile(const std::string& path, size_t bytes_max);

// SHA-256 of a file of any size: 32 bytes.
OrFailure<std::string> HashFile(const std::string& path);

// DER of the SubjectPublicKeyInfo in a file that has it as PEM or as DER.
OrFailure<std::string> ReadPublicKey(const std::string& path);

}  // namespace gusu::cli
