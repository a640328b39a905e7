#include "client/cli/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include "client/cli/file_content.h"
#include "gusu/secret.h"

namespace gusu::cli {
namespace {

constexpr std::string_view kTokenBeginning = "gusu_";
constexpr std::string_view kClaimBeginning = "gusu_claim_";
constexpr std::string_view kBearerCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
constexpr size_t kSecretFileBytesMax = 4096;
constexpr size_t kHandleSecretCharactersMin = 16, kHandleSecretCharactersMax = 255;

Failure SystemFailure(const std::string& what, const std::string& path) {
  return FileFailure(what + " " + path + ": " + std::strerror(errno));
}

bool WriteAndSync(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file) == 0;
}

// Creates the file whole and durable, or not at all; an existing one stays as it is.
MaybeFailure CreateDurably(const std::string& path, const std::string& content) {
  std::string temporary = path + ".XXXXXX";
  const int file = mkstemp(temporary.data());  // mode 0600
  if (file < 0) return SystemFailure("cannot create", path);
  MaybeFailure failure;
  if (!WriteAndSync(file, content)) failure = SystemFailure("cannot write", path);
  close(file);
  if (!failure && link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    failure = SystemFailure("cannot create", path);
  }
  unlink(temporary.c_str());
  if (failure) return failure;
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  const int handle = open(directory.c_str(), O_RDONLY | O_DIRECTORY);
  if (handle >= 0) {
    fsync(handle);
    close(handle);
  }
  return std::nullopt;
}

MaybeFailure CheckPrivate(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return SystemFailure("cannot read", path);
  if ((status.st_mode & 077) == 0) return std::nullopt;
  return FileFailure(path + " holds a secret and others than its owner may read it",
                     "chmod 600 " + path);
}

}  // namespace

OrFailure<Secret> ReadSecret(const std::string& path) {
  std::ifstream file(path);
  if (!file) return SystemFailure("cannot read", path);
  std::string content(kSecretFileBytesMax, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<size_t>(file.gcount()));
  std::istringstream words(content);
  Secret secret;
  std::string more;
  words >> secret.text >> secret.subject >> more;
  // Not even a part of what is no secret may reach a header.
  const bool is_secret = secret.text.find_first_not_of(kBearerCharacters) == std::string::npos;
  if (secret.text.empty() || !more.empty() || !is_secret) {
    return FileFailure(path + " does not hold a token or a claim");
  }
  secret.reused = true;
  return secret;
}

OrFailure<Secret> ReadOrMakeSecret(const std::string& path, SecretKind kind,
                                   const std::string& subject) {
  bool made = false;
  if (!std::filesystem::exists(path)) {
    const std::string text = kind == SecretKind::kClaim ? MakeClaimSecret() : MakeTokenSecret();
    const std::string content = text + "\n" + (subject.empty() ? "" : subject + "\n");
    if (MaybeFailure failure = CreateDurably(path, content)) return *failure;
    made = true;
  }
  if (MaybeFailure failure = CheckPrivate(path)) return *failure;
  OrFailure<Secret> secret = ReadSecret(path);
  if (!secret.ok()) return secret;
  if (secret->text.starts_with(kClaimBeginning) != (kind == SecretKind::kClaim) ||
      !secret->text.starts_with(kTokenBeginning)) {
    return FileFailure(
        path + (kind == SecretKind::kClaim ? " does not hold a claim" : " does not hold a token"),
        "name another file");
  }
  if (!subject.empty() && secret->subject != subject) {
    return FileFailure(path + " is for " +
                           (secret->subject.empty() ? "nobody named" : secret->subject) +
                           ", not for " + subject,
                       "name another file");
  }
  secret->reused = !made;
  return secret;
}

OrFailure<Secret> ReadOrMakeHandleSecret(const std::string& path) {
  Secret secret;
  secret.reused = std::filesystem::exists(path);
  if (!secret.reused) {
    const std::string text = MakeRequestId() + MakeRequestId();
    if (MaybeFailure failure = CreateDurably(path, text + "\n")) return *failure;
  }
  if (MaybeFailure failure = CheckPrivate(path)) return *failure;
  const OrFailure<std::string> content = ReadWholeFile(path, kSecretFileBytesMax);
  if (!content.ok()) return content.failure();
  secret.text = *content;
  while (secret.text.ends_with('\n') || secret.text.ends_with('\r')) secret.text.pop_back();
  const bool one_word = secret.text.find_first_of(" \t\r\n") == std::string::npos;
  if (!one_word || secret.text.size() < kHandleSecretCharactersMin ||
      secret.text.size() > kHandleSecretCharactersMax) {
    return FileFailure(path + " does not hold a secret of 16 to 255 characters in one line",
                       "name another file, which is made");
  }
  return secret;
}

MaybeFailure CreatePrivateFile(const std::string& path, const std::string& content) {
  if (std::filesystem::exists(path)) {
    return FileFailure(path + " exists and is not overwritten", "name another place");
  }
  return CreateDurably(path, content);
}

}  // namespace gusu::cli
