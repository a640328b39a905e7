// The keys that sign the audit log's checkpoints, in two files of the data directory:
//
//   log.key   PRIVATE+KEY+… one key a line, of mode 0600: whoever has it can sign for the log
//   log.vkey  one verifier key a line, for auditors to take away; derived from log.key
//
// All keys of a file have one name, the log's origin in its epoch, and each signs every checkpoint.
// Fails with kFailedPrecondition / LOG_KEY_UNUSABLE, which names the file (never a secret), the
// line and what to do; kNotFound when there is no file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/note_key.h"

namespace gusu::server {

struct LogKeyFiles {
  std::string key_path;  // empty: the keys are kept in memory alone
  std::string vkey_path;
};

// More keys than a rotation with overlap needs; a checkpoint grows with each.
inline constexpr size_t kLogKeysMax = 4;

// One to kLogKeysMax keys of one name, all different. Refuses a file that others may read.
absl::StatusOr<std::vector<SignerKey>> ReadLogKeys(const LogKeyFiles& files);
// Both files, durable on return, log.key first.
absl::Status WriteLogKeys(const LogKeyFiles& files, const std::vector<SignerKey>& keys);
// A file with one new key; an existing log.key is replaced.
absl::StatusOr<std::vector<SignerKey>> MakeLogKeys(const LogKeyFiles& files,
                                                   std::string_view origin);
// Writes log.vkey anew when it is not that of the keys.
absl::Status EnsureVkeyFile(const LogKeyFiles& files, const std::vector<SignerKey>& keys);

std::vector<std::string> VkeysOf(const std::vector<SignerKey>& keys);
// As operators give it: the 8 hexadecimal digits in a vkey's middle.
std::string KeyIdText(uint32_t key_id);

// What an operator asks for while no server runs; each returns a text that says what was done and
// what comes next.
//
// A further key, which signs with the others from the next start on.
absl::StatusOr<std::string> AddLogKey(const LogKeyFiles& files);
// Without the key of this ID. Refused as long as the anchor's last checkpoint is signed by none of
// the keys that would stay: the server has not run with them yet.
absl::StatusOr<std::string> RetireLogKey(const LogKeyFiles& files, const std::string& anchor_path,
                                         std::string_view key_id);

}  // namespace gusu::server
