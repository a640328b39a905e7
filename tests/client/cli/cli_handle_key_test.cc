// Keys between the files of OpenSSL and those of Handle tools.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "client/cli/handle_key_file.h"
#include "client/cli/program.h"
#include "proto/handle/key.h"
#include "proto/handle/private_key_file.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

namespace fs = std::filesystem;

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

void Write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

// Exit code; what was written comes along.
int Run(std::vector<const char*> arguments, std::string* text = nullptr) {
  arguments.insert(arguments.begin(), "gusu");
  std::ostringstream out, err;
  const int code = RunProgram(static_cast<int>(arguments.size()), arguments.data(), out, err);
  if (text != nullptr) *text = out.str() + err.str();
  return code;
}

bool Belong(const std::string& private_file, const std::string& passphrase,
            const std::string& public_record) {
  const auto key = handle::DecodePrivateKeyFile(private_file, passphrase);
  const auto other = handle::PublicKey::Decode(public_record);
  if (!key.ok() || !other.ok()) return false;
  const std::string signature = key->Sign(handle::HashAlgorithm::kSha256, {"what is ", "signed"});
  return other->Verify(handle::HashAlgorithm::kSha256, {"what is signed"}, signature);
}

TEST_CASE("export-key writes a pair that belongs together, the private one for its owner alone") {
  const TemporaryDirectory directory;
  const std::string keys = directory.path() + "/keys";
  std::string text;
  REQUIRE(Run({"handle", "export-key", "--out", keys.c_str()}, &text) == 0);
  CHECK(text.find("not encrypted") != std::string::npos);
  const std::string key = Read(keys + "/admpriv.bin");
  CHECK(key.substr(0, 4) == std::string("\0\0\0\1", 4));
  CHECK(Belong(key, "", Read(keys + "/admpub.bin")));
  CHECK((fs::status(keys + "/admpriv.bin").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK((fs::status(keys + "/admpub.bin").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
         fs::perms::others_read));
  // What is there stays.
  CHECK(Run({"handle", "export-key", "--out", keys.c_str()}, &text) != 0);
  CHECK(text.find("not overwritten") != std::string::npos);
  fs::remove(keys + "/admpub.bin");
  CHECK(Run({"handle", "export-key", "--out", keys.c_str()}) != 0);
  CHECK(Read(keys + "/admpriv.bin") == key);
  CHECK_FALSE(fs::exists(keys + "/admpub.bin"));
}

TEST_CASE("with a passphrase the private key is opened by it alone") {
  const TemporaryDirectory directory;
  const std::string keys = directory.path() + "/keys", file = directory.path() + "/passphrase";
  Write(file, "open sesame\nsecond line\n");
  std::string text;
  REQUIRE(Run({"--json", "handle", "export-key", "--out", keys.c_str(), "--passphrase-file",
               file.c_str()},
              &text) == 0);
  CHECK(text == "{\"private_key\":\"" + keys + "/admpriv.bin\",\"public_key\":\"" + keys +
                    "/admpub.bin\",\"encrypted\":true}\n");
  const std::string key = Read(keys + "/admpriv.bin");
  CHECK(key.substr(0, 4) == std::string("\0\0\0\4", 4));
  CHECK(Belong(key, "open sesame", Read(keys + "/admpub.bin")));
  CHECK_FALSE(Belong(key, "open sesamE", Read(keys + "/admpub.bin")));
  Write(file, "\n");
  CHECK(Run({"handle", "export-key", "--out", (keys + "2").c_str(), "--passphrase-file",
             file.c_str()}) != 0);
  CHECK_FALSE(fs::exists(keys + "2"));
}

// DIR/NAME.pem and DIR/NAME_pub.pem, as OpenSSL writes them.
void WritePemPair(EVP_PKEY* key, const std::string& path) {
  REQUIRE(key != nullptr);
  FILE* private_file = std::fopen((path + ".pem").c_str(), "w");
  FILE* public_file = std::fopen((path + "_pub.pem").c_str(), "w");
  REQUIRE((private_file != nullptr && public_file != nullptr));
  CHECK(PEM_write_PrivateKey(private_file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  CHECK(PEM_write_PUBKEY(public_file, key) == 1);
  std::fclose(private_file);
  std::fclose(public_file);
  EVP_PKEY_free(key);
}

TEST_CASE("a PEM key is exported as it is, and its public key reads the same in every form") {
  const TemporaryDirectory directory;
  const std::string keys = directory.path() + "/keys", pem = directory.path() + "/rsa";
  WritePemPair(EVP_RSA_gen(2048), pem);
  const std::string private_pem = pem + ".pem";
  REQUIRE(Run({"handle", "export-key", "--in", private_pem.c_str(), "--out", keys.c_str()}) == 0);
  const std::string record = Read(keys + "/admpub.bin");
  CHECK(Belong(Read(keys + "/admpriv.bin"), "", record));
  CHECK(*ReadHandlePublicKey(pem + "_pub.pem") == record);
  CHECK(*ReadHandlePublicKey(keys + "/admpub.bin") == record);
}

TEST_CASE("files that hold no such key are refused by name") {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/file", keys = directory.path() + "/keys";
  const std::string curve = directory.path() + "/ec", rsa = directory.path() + "/rsa";
  WritePemPair(EVP_EC_gen("P-256"), curve);
  WritePemPair(EVP_RSA_gen(2048), rsa);
  for (const std::string& content :
       {std::string(), std::string("text"), std::string(70'000, 'k'),
        Read(rsa + "_pub.pem").substr(0, 200), Read(curve + "_pub.pem")}) {
    Write(file, content);
    const auto key = ReadHandlePublicKey(file);
    REQUIRE_FALSE(key.ok());
    CHECK(key.failure().message.find(file) != std::string::npos);
    CHECK(Run({"handle", "export-key", "--in", file.c_str(), "--out", keys.c_str()}) != 0);
  }
  CHECK_FALSE(ReadHandlePublicKey(directory.path() + "/none").ok());
  CHECK_FALSE(fs::exists(keys));
}

}  // namespace
}  // namespace gusu::cli
