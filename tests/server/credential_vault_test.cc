// Secrets encrypted, and what a lost, damaged or foreign key makes of them.
#include "server/credential_vault.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <string>

#include "proto/error.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr char kSecret[] = "an old secret of sixteen or more";

class Directory {
 public:
  Directory() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
  ~Directory() {
    unlink(key().c_str());
    rmdir(path_.c_str());
  }
  std::string key() const { return path_ + "/credentials.key"; }

 private:
  std::string path_ = "/tmp/gusu_vault_XXXXXX";
};

template <typename Value>
std::string ReasonOf(const absl::StatusOr<Value>& value) {
  return value.ok() ? "OK" : ErrorReason(value.status());
}

CredentialVault::Sealed Sealed(CredentialVault& vault, const std::string& row_key = "cpumps") {
  auto sealed = vault.Seal(row_key, kSecret);
  REQUIRE(sealed.ok());
  return *std::move(sealed);
}

TEST_CASE("a secret is opened by whoever has the key file, which only its owner may read") {
  const Directory directory;
  CredentialVault::Sealed sealed;
  {
    CredentialVault vault(directory.key());
    struct stat status {};
    CHECK(stat(directory.key().c_str(), &status) != 0);  // not before the first secret
    sealed = Sealed(vault);
    REQUIRE(stat(directory.key().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(status.st_size == 32);
  }
  CredentialVault again(directory.key());
  CHECK(again.Open("cpumps", sealed).value() == kSecret);
  CHECK(sealed.ciphertext.find("old secret") == std::string::npos);
}

TEST_CASE("a secret sealed twice is never the same, and its fingerprint always is") {
  CredentialVault vault("");
  const auto first = Sealed(vault), second = Sealed(vault);
  CHECK(first.ciphertext != second.ciphertext);
  CHECK(first.commitment != second.commitment);
  CHECK(vault.Fingerprint("pumps", kSecret).value() == vault.Fingerprint("pumps", kSecret).value());
  CHECK(vault.Fingerprint("pumps", kSecret).value() !=
        vault.Fingerprint("valves", kSecret).value());
  CredentialVault other("");
  CHECK(vault.Fingerprint("pumps", kSecret).value() != other.Fingerprint("pumps", kSecret).value());
}

TEST_CASE("a secret opens only at its row, whole, and with its commitment") {
  CredentialVault vault("");
  const auto sealed = Sealed(vault);
  REQUIRE(vault.Open("cpumps", sealed).ok());
  CHECK(ReasonOf(vault.Open("cvalves", sealed)) == "CREDENTIAL_KEY_UNUSABLE");
  for (size_t at = 0; at < sealed.ciphertext.size(); ++at) {
    auto damaged = sealed;
    damaged.ciphertext[at] ^= 1;
    INFO("byte " << at);
    CHECK(ReasonOf(vault.Open("cpumps", damaged)) == "CREDENTIAL_KEY_UNUSABLE");
  }
  for (const size_t length : {size_t{0}, size_t{11}, size_t{28}, sealed.ciphertext.size() - 1}) {
    CHECK(ReasonOf(vault.Open("cpumps", {sealed.ciphertext.substr(0, length),
                                         sealed.commitment})) == "CREDENTIAL_KEY_UNUSABLE");
  }
  CHECK(ReasonOf(vault.Open("cpumps", {sealed.ciphertext, std::string(32, 'x')})) ==
        "CREDENTIAL_KEY_UNUSABLE");
}

TEST_CASE("a lost key file refuses what it had sealed, and makes no new one to open it") {
  const Directory directory;
  CredentialVault first(directory.key());
  const auto sealed = Sealed(first);
  REQUIRE(unlink(directory.key().c_str()) == 0);
  CredentialVault after(directory.key());
  CHECK(ReasonOf(after.Open("cpumps", sealed)) == "CREDENTIAL_KEY_UNUSABLE");
  CHECK(access(directory.key().c_str(), F_OK) != 0);
  // A new secret makes a new key, which is foreign to the old secret.
  const auto next = Sealed(after);
  CHECK(after.Open("cpumps", next).value() == kSecret);
  CHECK(ReasonOf(after.Open("cpumps", sealed)) == "CREDENTIAL_KEY_UNUSABLE");
}

TEST_CASE("a key file of another length neither seals nor opens, and stays as it is") {
  for (const std::string& content : {std::string(), std::string(31, 'k'), std::string(33, 'k')}) {
    const Directory directory;
    REQUIRE(WritePrivateFile(directory.key(), content).ok());
    CredentialVault vault(directory.key());
    CHECK(ReasonOf(vault.Seal("cpumps", kSecret)) == "CREDENTIAL_KEY_UNUSABLE");
    CHECK(ReasonOf(vault.Fingerprint("pumps", kSecret)) == "CREDENTIAL_KEY_UNUSABLE");
    CHECK(ReasonOf(vault.Open("cpumps", {std::string(80, 'c'), std::string(32, 'h')})) ==
          "CREDENTIAL_KEY_UNUSABLE");
    CHECK(ReadPrivateFile(directory.key()).value() == content);
  }
}

TEST_CASE("a key file that others may read is not used") {
  const Directory directory;
  CredentialVault first(directory.key());
  const auto sealed = Sealed(first);
  REQUIRE(chmod(directory.key().c_str(), 0640) == 0);
  CredentialVault second(directory.key());
  CHECK(ReasonOf(second.Open("cpumps", sealed)) == "CREDENTIAL_KEY_UNUSABLE");
  // Mended while the server runs.
  REQUIRE(chmod(directory.key().c_str(), 0600) == 0);
  CHECK(second.Open("cpumps", sealed).value() == kSecret);
}

TEST_CASE("a key file that cannot be written is an error that names it") {
  CredentialVault vault("/nonexistent/credentials.key");
  const auto sealed = vault.Seal("cpumps", kSecret);
  REQUIRE(ReasonOf(sealed) == "CREDENTIAL_KEY_UNUSABLE");
  CHECK(std::string(sealed.status().message()).find("/nonexistent/credentials.key") !=
        std::string::npos);
}

}  // namespace
}  // namespace gusu::server
