#include "server/audit/log_keys.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_format.h"
#include "proto/checkpoint.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/audit/anchor.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

absl::Status Unusable(const std::string& path, std::string_view fault, ErrorMetadata more = {}) {
  ErrorMetadata metadata = {{"path", path}};
  metadata.insert(metadata.end(), more.begin(), more.end());
  return Error(absl::StatusCode::kFailedPrecondition, "LOG_KEY_UNUSABLE",
               Concat("the log's key file ", path, ": ", fault), std::move(metadata));
}

absl::Status CheckMode(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? absl::NotFoundError(Concat("there is no ", path))
                           : Unusable(path, Concat("cannot be read: ", strerror(errno)));
  }
  if ((status.st_mode & 077) == 0) return absl::OkStatus();
  const std::string mode = absl::StrFormat("%04o", status.st_mode & 07777);
  return Unusable(path,
                  Concat("its mode ", mode,
                         " lets others read it. Run chmod 600, and when others "
                         "may have read it, change the key"),
                  {{"mode", mode}});
}

std::string Lines(const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string& text : texts) lines += text + "\n";
  return lines;
}

bool Has(const std::vector<SignerKey>& keys, const SignerKey& key) {
  return std::any_of(keys.begin(), keys.end(), [&key](const SignerKey& other) {
    return other.verifier().id() == key.verifier().id();
  });
}

absl::StatusOr<SignerKey> ReadLine(const std::string& path, std::string_view line, size_t number,
                                   const std::vector<SignerKey>& before) {
  const auto fault = [&](std::string_view what) {
    return Unusable(path,
                    Concat("line ", number, ' ', what,
                           ". Put back a copy of the file; when there is "
                           "none, go on with --new-log-epoch and --after"),
                    {{"line", std::to_string(number)}});
  };
  absl::StatusOr<SignerKey> key = SignerKey::Parse(line);
  if (!key.ok() || key->verifier().type() != SignatureType::kEd25519) {
    return fault("is not a key (PRIVATE+KEY+name+id+base64, type 01)");
  }
  if (!before.empty() && key->verifier().name() != before[0].verifier().name()) {
    return fault("has another name than the first");
  }
  if (Has(before, *key)) return fault("is a key that stands above");
  return key;
}

}  // namespace

std::vector<std::string> VkeysOf(const std::vector<SignerKey>& keys) {
  std::vector<std::string> vkeys;
  for (const SignerKey& key : keys) vkeys.push_back(key.verifier().Text());
  return vkeys;
}

std::string KeyIdText(uint32_t key_id) { return absl::StrFormat("%08x", key_id); }

absl::StatusOr<std::vector<SignerKey>> ReadLogKeys(const LogKeyFiles& files) {
  if (files.key_path.empty()) return absl::NotFoundError("the log's keys are in memory");
  GUSU_RETURN_IF_ERROR(CheckMode(files.key_path));
  GUSU_ASSIGN_OR_RETURN(const std::string content, ReadPrivateFile(files.key_path));
  std::vector<SignerKey> keys;
  std::string_view rest = content;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    if (end == rest.npos) return Unusable(files.key_path, "its last line does not end");
    if (keys.size() == kLogKeysMax) {
      return Unusable(files.key_path, Concat("more than ", kLogKeysMax, " keys"));
    }
    GUSU_ASSIGN_OR_RETURN(SignerKey key,
                          ReadLine(files.key_path, rest.substr(0, end), keys.size() + 1, keys));
    keys.push_back(std::move(key));
    rest.remove_prefix(end + 1);
  }
  if (keys.empty()) return Unusable(files.key_path, "it is empty");
  return keys;
}

absl::Status WriteLogKeys(const LogKeyFiles& files, const std::vector<SignerKey>& keys) {
  if (!files.key_path.empty()) {
    std::vector<std::string> secrets;
    for (const SignerKey& key : keys) secrets.push_back(key.SecretText());
    GUSU_RETURN_IF_ERROR(WritePrivateFile(files.key_path, Lines(secrets)));
  }
  return WritePrivateFile(files.vkey_path, Lines(VkeysOf(keys)));
}

absl::StatusOr<std::vector<SignerKey>> MakeLogKeys(const LogKeyFiles& files,
                                                   std::string_view origin) {
  GUSU_ASSIGN_OR_RETURN(SignerKey key, SignerKey::Generate(origin, SignatureType::kEd25519));
  std::vector<SignerKey> keys = {std::move(key)};
  GUSU_RETURN_IF_ERROR(WriteLogKeys(files, keys));
  return keys;
}

absl::Status EnsureVkeyFile(const LogKeyFiles& files, const std::vector<SignerKey>& keys) {
  const std::string lines = Lines(VkeysOf(keys));
  const absl::StatusOr<std::string> content = ReadPrivateFile(files.vkey_path);
  if (content.ok() && *content == lines) return absl::OkStatus();
  return WritePrivateFile(files.vkey_path, lines);
}

absl::StatusOr<std::string> AddLogKey(const LogKeyFiles& files) {
  GUSU_ASSIGN_OR_RETURN(std::vector<SignerKey> keys, ReadLogKeys(files));
  if (keys.size() == kLogKeysMax) {
    return Unusable(files.key_path, Concat("it has ", kLogKeysMax, " keys already: retire one"));
  }
  GUSU_ASSIGN_OR_RETURN(const SignerKey key,
                        SignerKey::Generate(keys[0].verifier().name(), SignatureType::kEd25519));
  keys.push_back(key);
  GUSU_RETURN_IF_ERROR(WriteLogKeys(files, keys));
  return Concat("added a key of the log to ", files.key_path, "; its verifier key is\n  ",
                key.verifier().Text(), "\n",
                "Next:\n"
                "1. Start the server: from then on all of its keys sign, and the change is a leaf "
                "of the log.\n"
                "2. Give ",
                files.vkey_path,
                " to auditors, witnesses and partners. Either key is enough for them.\n"
                "3. When all of them have it, stop the server, run gusud with --retire-log-key ",
                KeyIdText(keys[0].verifier().id()), ", and start it again.\n");
}

absl::StatusOr<std::string> RetireLogKey(const LogKeyFiles& files, const std::string& anchor_path,
                                         std::string_view key_id) {
  GUSU_ASSIGN_OR_RETURN(std::vector<SignerKey> keys, ReadLogKeys(files));
  const size_t removed = std::erase_if(
      keys, [key_id](const SignerKey& key) { return KeyIdText(key.verifier().id()) == key_id; });
  if (removed == 0) {
    return Unusable(files.key_path, Concat("it has no key ", Quote(key_id)),
                    {{"key", std::string(key_id)}});
  }
  if (keys.empty()) {
    return Unusable(files.key_path,
                    Concat(key_id, " is its only key: add another with --add-log-key first"),
                    {{"key", std::string(key_id)}});
  }
  std::vector<VerifierKey> staying;
  for (const SignerKey& key : keys) staying.push_back(key.verifier());
  GUSU_ASSIGN_OR_RETURN(const Anchor anchor, Anchor::Open(anchor_path, staying));
  if (anchor.last() == nullptr || !OpenCheckpoint(anchor.last()->note, staying).ok()) {
    return Unusable(files.key_path,
                    Concat("the keys that would stay have not signed the last checkpoint in ",
                           anchor_path, ": start the server with both keys first"),
                    {{"key", std::string(key_id)}});
  }
  GUSU_RETURN_IF_ERROR(WriteLogKeys(files, keys));
  return Concat("retired key ", key_id, " of the log from ", files.key_path,
                "\n"
                "Next:\n"
                "1. Start the server: from then on the others sign alone, and the change is a leaf "
                "of the log.\n"
                "2. Destroy the copies of the retired key. Keep its verifier key: what it signed "
                "stays valid.\n");
}

}  // namespace gusu::server
