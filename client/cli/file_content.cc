#include "client/cli/file_content.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>
#include <vector>

namespace gusu::cli {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr size_t kKeyFileBytesMax = 64 * 1024;

Failure CannotRead(const std::string& path) { return FileFailure("cannot read " + path); }

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;

// nullptr when it is neither.
Key ParseKey(const std::string& content) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(content.data(), static_cast<int>(content.size())), BIO_free);
  if (Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)); key) return key;
  const auto* at = reinterpret_cast<const unsigned char*>(content.data());
  const unsigned char* const end = at + content.size();
  Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(content.size())));
  return at == end ? std::move(key) : nullptr;
}

}  // namespace

OrFailure<std::string> ReadWholeFile(const std::string& path, size_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path);
  std::string content;
  std::vector<char> chunk(kChunkBytes);
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() > 0) {
    content.append(chunk.data(), static_cast<size_t>(file.gcount()));
    if (content.size() > bytes_max) {
      return FileFailure(path + " is larger than " + std::to_string(bytes_max) + " bytes");
    }
  }
  if (file.bad() || !file.eof()) return CannotRead(path);
  return content;
}

OrFailure<std::string> HashFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  bool ok = EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  std::vector<char> chunk(kChunkBytes);
  while (ok &&
         (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() > 0)) {
    ok = EVP_DigestUpdate(context.get(), chunk.data(), static_cast<size_t>(file.gcount())) == 1;
  }
  std::string hash(32, '\0');
  ok = ok && file.eof() && !file.bad() &&
       EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(hash.data()), nullptr) ==
           1;
  if (!ok) return CannotRead(path);
  return hash;
}

OrFailure<std::string> ReadPublicKey(const std::string& path) {
  OrFailure<std::string> content = ReadWholeFile(path, kKeyFileBytesMax);
  if (!content.ok()) return content;
  const Key key = ParseKey(*content);
  unsigned char* bytes = nullptr;
  const int size = key == nullptr ? 0 : i2d_PUBKEY(key.get(), &bytes);
  if (size <= 0) {
    return FileFailure(path + " holds no public key",
                       "a SubjectPublicKeyInfo as PEM or DER, as `openssl pkey -pubout` writes it");
  }
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace gusu::cli
