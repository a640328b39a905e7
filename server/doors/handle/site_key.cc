#include "server/doors/handle/site_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/status_macros.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr int kKeyBits = 2048;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

absl::StatusOr<std::string> NewPem() {
  const Key key(EVP_RSA_gen(kKeyBits), EVP_PKEY_free);
  const Memory memory(BIO_new(BIO_s_secmem()), BIO_free);
  if (key == nullptr || memory == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1) {
    return absl::InternalError("cannot make an RSA key");
  }
  char* text = nullptr;
  const long bytes = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<size_t>(bytes));
}

// The numbers of kRsaPrivateType, in its order; nullopt when the PEM is no RSA key with all of
// them.
std::optional<handle::KeyRecord> RecordOf(const std::string& pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (key == nullptr || !EVP_PKEY_is_a(key.get(), "RSA")) return std::nullopt;
  handle::KeyRecord record;
  record.type = handle::kRsaPrivateType;
  for (const char* name :
       {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
        OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    BIGNUM* taken = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), name, &taken) != 1) return std::nullopt;
    const std::unique_ptr<BIGNUM, decltype(&BN_clear_free)> number(taken, BN_clear_free);
    std::string octets(static_cast<size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(octets.data()));
    record.numbers.push_back(std::move(octets));
  }
  return record;
}

absl::StatusOr<std::string> ReadOrMakePem(const std::string& path) {
  if (path.empty()) return NewPem();
  absl::StatusOr<std::string> pem = ReadPrivateFile(path);
  if (pem.ok() || !absl::IsNotFound(pem.status())) return pem;
  GUSU_ASSIGN_OR_RETURN(std::string made, NewPem());
  GUSU_RETURN_IF_ERROR(WritePrivateFile(path, made));
  return made;
}

}  // namespace

absl::StatusOr<handle::PrivateKey> ReadOrMakeSiteKey(const std::string& path) {
  GUSU_ASSIGN_OR_RETURN(const std::string pem, ReadOrMakePem(path));
  if (const auto record = RecordOf(pem)) {
    absl::StatusOr<handle::PrivateKey> key =
        handle::PrivateKey::Decode(handle::EncodeKeyRecord(*record));
    if (key.ok()) return key;
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path, " does not hold an RSA key of 1,024 bits or more, in PEM"));
}

}  // namespace gusu::server
