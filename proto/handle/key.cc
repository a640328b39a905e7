#include "proto/handle/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "proto/handle/wire.h"
#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

constexpr size_t kModulusBytesMin = 128;
constexpr size_t kExponentBytesMax = 8;
// What most RSA keys have, and RSA_PRIV_KEY does not say.
constexpr std::string_view kUsualExponent("\x01\x00\x01", 3);

// Signing, and making keys, have no failure that a caller could handle.
void StopUnless(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "fatal: OpenSSL could not %s\n", what);
  std::abort();
}

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using Key = std::shared_ptr<EVP_PKEY>;

const unsigned char* Octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

const EVP_MD* Of(HashAlgorithm hash) {
  if (hash == HashAlgorithm::kSha256) return EVP_sha256();
  return hash == HashAlgorithm::kSha1 ? EVP_sha1() : EVP_md5();
}

// nullptr when OpenSSL finds no key in the numbers.
Key KeyFromNumbers(const char* algorithm, int selection,
                   const std::vector<std::pair<const char*, std::string_view>>& numbers) {
  const Builder builder(OSSL_PARAM_BLD_new());
  std::vector<Number> owned;  // until the parameters are made
  bool ok = builder != nullptr;
  for (const auto& [name, octets] : numbers) {
    owned.emplace_back(BN_bin2bn(Octets(octets), static_cast<int>(octets.size()), nullptr));
    ok = ok && owned.back() && OSSL_PARAM_BLD_push_BN(builder.get(), name, owned.back().get()) == 1;
  }
  const Parameters parameters(ok ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  StopUnless(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1, "make a key");
  EVP_PKEY* key = nullptr;
  const bool made = EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) == 1;
  if (!made) ERR_clear_error();
  return {made ? key : nullptr, EVP_PKEY_free};
}

Key PublicKeyOf(const KeyRecord& record) {
  const auto& n = record.numbers;
  if (record.type == kRsaPublicType) {
    if (n[0].size() > kExponentBytesMax || n[1].size() < kModulusBytesMin) return nullptr;
    return KeyFromNumbers("RSA", EVP_PKEY_PUBLIC_KEY,
                          {{OSSL_PKEY_PARAM_RSA_E, n[0]}, {OSSL_PKEY_PARAM_RSA_N, n[1]}});
  }
  if (record.type != kDsaPublicType) return nullptr;
  return KeyFromNumbers("DSA", EVP_PKEY_PUBLIC_KEY,
                        {{OSSL_PKEY_PARAM_FFC_Q, n[0]},
                         {OSSL_PKEY_PARAM_FFC_P, n[1]},
                         {OSSL_PKEY_PARAM_FFC_G, n[2]},
                         {OSSL_PKEY_PARAM_PUB_KEY, n[3]}});
}

// y = g^x mod p; empty when p cannot be calculated with.
std::string DsaPublicNumber(const KeyRecord& record) {
  const auto number = [](const std::string& octets) {
    return Number(BN_bin2bn(Octets(octets), static_cast<int>(octets.size()), nullptr));
  };
  const std::unique_ptr<BN_CTX, Freed<BN_CTX_free>> context(BN_CTX_new());
  const Number x = number(record.numbers[0]);
  const Number p = number(record.numbers[1]);
  const Number g = number(record.numbers[3]);
  const Number y(BN_new());
  StopUnless(context && x && p && g && y, "calculate");
  BN_set_flags(x.get(), BN_FLG_CONSTTIME);
  if (BN_is_odd(p.get()) == 0 ||
      BN_mod_exp(y.get(), g.get(), x.get(), p.get(), context.get()) != 1) {
    ERR_clear_error();
    return {};
  }
  std::string octets(static_cast<size_t>(BN_num_bytes(y.get())), '\0');
  BN_bn2bin(y.get(), reinterpret_cast<unsigned char*>(octets.data()));
  return octets;
}

KeyRecord PublicRecordOf(const KeyRecord& record) {
  const auto& n = record.numbers;
  if (record.type == kRsaPrivateType) return {std::string(kRsaPublicType), {n[1], n[0]}};
  if (record.type == kRsaShortPrivateType) {
    return {std::string(kRsaPublicType), {std::string(kUsualExponent), n[0]}};
  }
  return {std::string(kDsaPublicType), {n[2], n[1], n[3], DsaPublicNumber(record)}};
}

Key PrivateKeyOf(const KeyRecord& record, const KeyRecord& public_record) {
  const auto& n = record.numbers;
  if (record.type == kDsaPrivateType) {
    return KeyFromNumbers("DSA", EVP_PKEY_KEYPAIR,
                          {{OSSL_PKEY_PARAM_FFC_P, n[1]},
                           {OSSL_PKEY_PARAM_FFC_Q, n[2]},
                           {OSSL_PKEY_PARAM_FFC_G, n[3]},
                           {OSSL_PKEY_PARAM_PUB_KEY, public_record.numbers[3]},
                           {OSSL_PKEY_PARAM_PRIV_KEY, n[0]}});
  }
  const bool whole = record.type == kRsaPrivateType;
  std::vector<std::pair<const char*, std::string_view>> numbers = {
      {OSSL_PKEY_PARAM_RSA_N, n[0]},
      {OSSL_PKEY_PARAM_RSA_E, public_record.numbers[0]},
      {OSSL_PKEY_PARAM_RSA_D, n[whole ? 2 : 1]}};
  if (whole) {
    numbers.insert(numbers.end(), {{OSSL_PKEY_PARAM_RSA_FACTOR1, n[3]},
                                   {OSSL_PKEY_PARAM_RSA_FACTOR2, n[4]},
                                   {OSSL_PKEY_PARAM_RSA_EXPONENT1, n[5]},
                                   {OSSL_PKEY_PARAM_RSA_EXPONENT2, n[6]},
                                   {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, n[7]}});
  }
  return KeyFromNumbers("RSA", EVP_PKEY_KEYPAIR, numbers);
}

std::string NumberOf(const EVP_PKEY* key, const char* name) {
  BIGNUM* taken = nullptr;
  StopUnless(EVP_PKEY_get_bn_param(key, name, &taken) == 1, "read a key");
  const Number number(taken);
  std::string octets(static_cast<size_t>(BN_num_bytes(taken)), '\0');
  BN_bn2bin(taken, reinterpret_cast<unsigned char*>(octets.data()));
  return octets;
}

}  // namespace

absl::StatusOr<PublicKey> PublicKey::Decode(std::string_view record) {
  PublicKey key;
  GUSU_ASSIGN_OR_RETURN(key.record_, DecodeKeyRecord(record));
  key.key_ = PublicKeyOf(key.record_);
  if (key.key_ == nullptr) return Malformed("public key", "is none that can be used");
  return key;
}

bool PublicKey::Verify(HashAlgorithm hash, std::initializer_list<std::string_view> parts,
                       std::string_view signature) const {
  const Context context(EVP_MD_CTX_new());
  bool ok =
      context && EVP_DigestVerifyInit(context.get(), nullptr, Of(hash), nullptr, key_.get()) == 1;
  for (const std::string_view part : parts) {
    ok = ok && EVP_DigestVerifyUpdate(context.get(), part.data(), part.size()) == 1;
  }
  ok = ok && EVP_DigestVerifyFinal(context.get(), Octets(signature), signature.size()) == 1;
  if (!ok) ERR_clear_error();
  return ok;
}

PrivateKey PrivateKey::GenerateRsa(int bits) {
  const Key made(EVP_RSA_gen(static_cast<unsigned int>(bits)), EVP_PKEY_free);
  StopUnless(made != nullptr, "make an RSA key");
  KeyRecord record{std::string(kRsaPrivateType), {}};
  for (const char* name :
       {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
        OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    record.numbers.push_back(NumberOf(made.get(), name));
  }
  absl::StatusOr<PrivateKey> key = Make(std::move(record));
  StopUnless(key.ok(), "take its own RSA key");
  return *std::move(key);
}

absl::StatusOr<PrivateKey> PrivateKey::Decode(std::string_view record) {
  GUSU_ASSIGN_OR_RETURN(KeyRecord numbers, DecodeKeyRecord(record));
  return Make(std::move(numbers));
}

absl::StatusOr<PrivateKey> PrivateKey::Make(KeyRecord record) {
  if (record.type == kRsaPublicType || record.type == kDsaPublicType) {
    return Malformed("private key", "is a public one");
  }
  const KeyRecord public_record = PublicRecordOf(record);
  PrivateKey key;
  GUSU_ASSIGN_OR_RETURN(key.public_key_, PublicKey::Decode(EncodeKeyRecord(public_record)));
  key.key_ = PrivateKeyOf(record, public_record);
  key.record_ = std::move(record);
  // That the numbers belong together is seen by what they sign.
  constexpr std::string_view kSample = "sample";
  if (key.key_ == nullptr || !key.public_key_.Verify(HashAlgorithm::kSha256, {kSample},
                                                     key.Sign(HashAlgorithm::kSha256, {kSample}))) {
    return Malformed("private key", "signs what its public key does not verify");
  }
  return key;
}

std::string PrivateKey::Sign(HashAlgorithm hash,
                             std::initializer_list<std::string_view> parts) const {
  const Context context(EVP_MD_CTX_new());
  bool ok =
      context && EVP_DigestSignInit(context.get(), nullptr, Of(hash), nullptr, key_.get()) == 1;
  for (const std::string_view part : parts) {
    ok = ok && EVP_DigestSignUpdate(context.get(), part.data(), part.size()) == 1;
  }
  size_t bytes = 0;
  ok = ok && EVP_DigestSignFinal(context.get(), nullptr, &bytes) == 1;
  std::string signature(bytes, '\0');
  ok = ok && EVP_DigestSignFinal(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                 &bytes) == 1;
  signature.resize(ok ? bytes : 0);
  if (!ok) ERR_clear_error();
  return signature;
}

}  // namespace gusu::handle
