// Tokens and claim secrets: made here, kept in files that only their owner can read, and never sent
// but as their SHA-256 or as the bearer of a call.
//
// The first line is the secret; a claim's second line is the registrant that it is for.
#pragma once

#include <string>

#include "client/cli/failure.h"

namespace gusu::cli {

enum class SecretKind { kToken, kClaim };

struct Secret {
  std::string text;
  std::string subject;  // registrants/{id}; empty when the file names none
  bool reused = false;  // it was there before
};

// The secret in a file.
OrFailure<Secret> ReadSecret(const std::string& path);

// The secret in the file, or, when there is no such file, a new one, which is on disk with mode
// 0600 when this returns: a call that is repeated after a crash sends the same secret. Fails when
// the file holds a secret of another kind or subject, or others than its owner may read it.
OrFailure<Secret> ReadOrMakeSecret(const std::string& path, SecretKind kind,
                                   const std::string& subject);

// The secret of an HS_SECKEY credential: the file's first line, of 16 to 255 characters. Made, kept
// and refused as above; a new one is 64 hexadecimal digits, 256 random bits, since tools of the
// Handle protocol take secrets as text.
OrFailure<Secret> ReadOrMakeHandleSecret(const std::string& path);

// Makes the file, durably and with mode 0600, or fails: an existing one stays as it is.
MaybeFailure CreatePrivateFile(const std::string& path, const std::string& content);

}  // namespace gusu::cli
