#include "proto/handle/private_key_file.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "proto/handle/challenge.h"
#include "proto/handle/wire.h"
#include "proto/hash.h"
#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

constexpr uint32_t kPlain = 1;
constexpr uint32_t kAesOfPbkdf2 = 4;
constexpr size_t kSaltBytes = 16;
constexpr uint32_t kIterations = 10'000;
constexpr uint32_t kKeyBits = 128;
constexpr size_t kBlockBytes = 16;
constexpr size_t kSaltBytesMax = 1'024;
constexpr size_t kFileBytesMax = 65'536;

const EVP_CIPHER* CipherOf(uint32_t key_bits) {
  if (key_bits == 128) return EVP_aes_128_cbc();
  if (key_bits == 192) return EVP_aes_192_cbc();
  return key_bits == 256 ? EVP_aes_256_cbc() : nullptr;
}

const unsigned char* Octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// Encrypts or decrypts with PKCS#7 padding; false when what was decrypted has no such padding.
bool Crypt(bool encrypt, uint32_t key_bits, std::string_view key, std::string_view iv,
           std::string_view in, std::string& out) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  out.assign(in.size() + kBlockBytes, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  int bytes = 0;
  int last_bytes = 0;
  const bool ok =
      context &&
      EVP_CipherInit_ex(context.get(), CipherOf(key_bits), nullptr, Octets(key), Octets(iv),
                        encrypt ? 1 : 0) == 1 &&
      EVP_CipherUpdate(context.get(), to, &bytes, Octets(in), static_cast<int>(in.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), to + bytes, &last_bytes) == 1;
  out.resize(ok ? static_cast<size_t>(bytes + last_bytes) : 0);
  if (!ok) ERR_clear_error();
  return ok;
}

absl::StatusOr<PrivateKey> DecodeAndForget(std::string record) {
  absl::StatusOr<PrivateKey> key = PrivateKey::Decode(record);
  OPENSSL_cleanse(record.data(), record.size());
  return key;
}

absl::StatusOr<PrivateKey> DecodeEncrypted(Reader& reader, std::string_view passphrase) {
  const std::string_view salt = reader.Bytes("key file's salt", kSaltBytesMax);
  const uint32_t iterations = reader.Int("key file's iterations");
  const uint32_t key_bits = reader.Int("key file's key length");
  const std::string_view iv = reader.Bytes("key file's initial vector", kBlockBytes);
  const std::string_view encrypted = reader.Bytes("key file's content", kFileBytesMax);
  reader.ExpectEnd("key file");
  if (iterations == 0 || iterations > kIterationsMax) {
    reader.Refuse("key file's iterations", "are none or more than 100,000");
  }
  if (CipherOf(key_bits) == nullptr) reader.Refuse("key file's key length", "is not of AES");
  if (iv.size() != kBlockBytes) reader.Refuse("key file's initial vector", "is not 16 bytes");
  GUSU_RETURN_IF_ERROR(reader.status());

  const std::string key = DeriveKey(passphrase, salt, iterations, key_bits / 8);
  std::string record;
  if (Crypt(false, key_bits, key, iv, encrypted, record)) {
    absl::StatusOr<PrivateKey> decoded = DecodeAndForget(std::move(record));
    if (decoded.ok()) return decoded;
  }
  return Malformed("key file", "is not opened by this passphrase, or is damaged");
}

}  // namespace

std::string EncodePrivateKeyFile(const PrivateKey& key, std::string_view passphrase) {
  std::string record = key.Encode();
  std::string file;
  Writer writer(file);
  if (passphrase.empty()) {
    writer.Int(kPlain).Raw(record);
  } else {
    const std::string salt = RandomBytes(kSaltBytes);
    const std::string iv = RandomBytes(kBlockBytes);
    std::string encrypted;
    if (!Crypt(true, kKeyBits, DeriveKey(passphrase, salt, kIterations, kKeyBits / 8), iv, record,
               encrypted)) {
      std::fprintf(stderr, "fatal: OpenSSL could not encrypt\n");
      std::abort();
    }
    writer.Int(kAesOfPbkdf2).Bytes(salt).Int(kIterations).Int(kKeyBits).Bytes(iv).Bytes(encrypted);
  }
  OPENSSL_cleanse(record.data(), record.size());
  return file;
}

absl::StatusOr<PrivateKey> DecodePrivateKeyFile(std::string_view file,
                                                std::string_view passphrase) {
  Reader reader(file);
  const uint32_t type = reader.Int("key file's type");
  GUSU_RETURN_IF_ERROR(reader.status());
  if (type == kPlain) return DecodeAndForget(std::string(reader.rest()));
  if (type == kAesOfPbkdf2) return DecodeEncrypted(reader, passphrase);
  return Malformed("key file", "is encrypted in a way that is not read: neither plain nor AES");
}

}  // namespace gusu::handle
