#include "client/cli/handle_key_file.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <initializer_list>
#include <memory>
#include <optional>

#include "client/cli/file_content.h"
#include "proto/handle/key.h"

namespace gusu::cli {
namespace {

constexpr size_t kKeyFileBytesMax = 1 << 16;

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;

// The key's numbers by OpenSSL's names; nothing when it lacks one.
std::optional<std::string> RecordOf(const EVP_PKEY* key, std::string_view type,
                                    std::initializer_list<const char*> names) {
  handle::KeyRecord record;
  record.type = std::string(type);
  for (const char* name : names) {
    BIGNUM* read = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &read) != 1) return std::nullopt;
    const Number number(read);
    std::string bytes(static_cast<size_t>(BN_num_bytes(read)), '\0');
    BN_bn2bin(read, reinterpret_cast<unsigned char*>(bytes.data()));
    record.numbers.push_back(std::move(bytes));
  }
  return handle::EncodeKeyRecord(record);
}

std::optional<std::string> PublicRecordOf(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    return RecordOf(key, handle::kRsaPublicType, {OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_N});
  }
  if (EVP_PKEY_is_a(key, "DSA") == 1) {
    return RecordOf(key, handle::kDsaPublicType,
                    {OSSL_PKEY_PARAM_FFC_Q, OSSL_PKEY_PARAM_FFC_P, OSSL_PKEY_PARAM_FFC_G,
                     OSSL_PKEY_PARAM_PUB_KEY});
  }
  return std::nullopt;
}

// Nobody is asked on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

}  // namespace

OrFailure<std::string> ReadHandlePublicKey(const std::string& path) {
  const OrFailure<std::string> content = ReadWholeFile(path, kKeyFileBytesMax);
  if (!content.ok()) return content.failure();
  if (handle::PublicKey::Decode(*content).ok()) return *content;
  const OrFailure<std::string> der = ReadPublicKey(path);
  if (der.ok()) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der->data());
    const Key key(d2i_PUBKEY(nullptr, &bytes, static_cast<long>(der->size())));
    std::optional<std::string> record = key == nullptr ? std::nullopt : PublicRecordOf(key.get());
    if (record.has_value()) return *std::move(record);
  }
  return FileFailure(path + " holds no public key of RSA or DSA",
                     "admpub.bin, or what `openssl pkey -pubout` writes");
}

OrFailure<std::string> ReadRsaPrivateKey(const std::string& path) {
  const OrFailure<std::string> content = ReadWholeFile(path, kKeyFileBytesMax);
  if (!content.ok()) return content.failure();
  const std::unique_ptr<BIO, Freed<BIO_free_all>> bio(
      BIO_new_mem_buf(content->data(), static_cast<int>(content->size())));
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (key != nullptr && EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    const std::optional<std::string> record = RecordOf(
        key.get(), handle::kRsaPrivateType,
        {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
         OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
         OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1});
    if (record.has_value()) return *record;
  }
  return FileFailure(path + " holds no private key of RSA without a passphrase",
                     "as `openssl genrsa 2048` writes it");
}

}  // namespace gusu::cli
