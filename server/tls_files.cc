#include "server/tls_files.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;

// A clock of a client may be behind by this much.
constexpr absl::Duration kBackdate = absl::Hours(1);
constexpr int kSerialBytes = 16;
constexpr size_t kCommonNameBytesMax = 64;

absl::Status OpenSslError(const std::string& what) {
  char text[256] = "no reason given";
  const unsigned long code = ERR_get_error();
  if (code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return absl::FailedPreconditionError(absl::StrCat(what, ": ", text));
}

std::string TakeText(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

absl::StatusOr<std::string> ToPem(const Key& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio ||
      PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpenSslError("cannot write a private key");
  }
  return TakeText(bio);
}

absl::StatusOr<std::string> ToPem(const Certificate& certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate.get()) != 1) {
    return OpenSslError("cannot write a certificate");
  }
  return TakeText(bio);
}

// Never asks for a passphrase.
int NoPassphrase(char*, int, int, void*) { return -1; }

absl::StatusOr<Key> ReadKey(const std::string& path) {
  GUSU_ASSIGN_OR_RETURN(const std::string pem, ReadPrivateFile(path));
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!key) return OpenSslError(absl::StrCat(path, " holds no private key in PEM"));
  return key;
}

absl::StatusOr<Certificate> ReadCertificate(const std::string& path) {
  GUSU_ASSIGN_OR_RETURN(const std::string pem, ReadPrivateFile(path));
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!certificate) return OpenSslError(absl::StrCat(path, " holds no certificate in PEM"));
  return certificate;
}

// The key at `path`, made when there is none.
absl::StatusOr<Key> EnsureKey(const std::string& path) {
  absl::StatusOr<Key> existing = ReadKey(path);
  if (existing.ok() || !absl::IsNotFound(existing.status())) return existing;
  Key key(EVP_EC_gen("P-256"));
  if (!key) return OpenSslError("cannot make a private key");
  GUSU_ASSIGN_OR_RETURN(const std::string pem, ToPem(key));
  GUSU_RETURN_IF_ERROR(WritePrivateFile(path, pem));
  return key;
}

absl::Time ExpireTime(const Certificate& certificate) {
  std::tm civil{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &civil) != 1) {
    return absl::InfinitePast();
  }
  return absl::FromTM(civil, absl::UTCTimeZone());
}

std::string Fingerprint(const Certificate& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  if (size <= 0) return "";
  const Hash hash =
      Sha256(std::string_view(reinterpret_cast<char*>(der), static_cast<size_t>(size)));
  OPENSSL_free(der);
  return HexEncode(AsBytes(hash));
}

bool IsIpAddress(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

bool IsFor(const Certificate& certificate, const std::string& name) {
  if (IsIpAddress(name)) return X509_check_ip_asc(certificate.get(), name.c_str(), 0) == 1;
  if (name.front() ==
      '*') {  // as a pattern it is in the certificate, and matches what it stands for
    return X509_check_host(certificate.get(), ("x" + name.substr(1)).c_str(), 0, 0, nullptr) == 1;
  }
  return X509_check_host(certificate.get(), name.c_str(), 0, 0, nullptr) == 1;
}

bool AddExtension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Serial number, times, subject and key; the rest differs.
bool SetCommonParts(X509* certificate, EVP_PKEY* key, const std::string& common_name,
                    absl::Time begin, absl::Time end) {
  unsigned char serial[kSerialBytes];
  if (RAND_bytes(serial, kSerialBytes) != 1) return false;
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7F) | 0x40);  // positive, of full length
  const std::unique_ptr<BIGNUM, Deleter<BN_free>> number(BN_bin2bn(serial, kSerialBytes, nullptr));
  X509_NAME* subject = X509_get_subject_name(certificate);
  const std::string shown = common_name.substr(0, kCommonNameBytesMax);
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) &&
         X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), absl::ToTimeT(begin)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(end)) != nullptr &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(shown.data()),
                                    static_cast<int>(shown.size()), -1, 0) == 1 &&
         X509_set_pubkey(certificate, key) == 1;
}

absl::StatusOr<Certificate> MakeCa(const Key& key, absl::Time now) {
  Certificate ca(X509_new());
  const std::string id = HexEncode(RandomBytes(4));
  if (!ca ||
      !SetCommonParts(ca.get(), key.get(), absl::StrCat("Gusu local CA ", id), now - kBackdate,
                      now + kCaLifetime) ||
      X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())) != 1 ||
      !AddExtension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !AddExtension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !AddExtension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") ||
      X509_sign(ca.get(), key.get(), EVP_sha256()) == 0) {
    return OpenSslError("cannot make a CA certificate");
  }
  return ca;
}

absl::StatusOr<Certificate> MakeServerCertificate(const Key& key, const Certificate& ca,
                                                  const Key& ca_key,
                                                  const std::vector<std::string>& names,
                                                  absl::Time now) {
  std::vector<std::string> alternatives;
  for (const std::string& name : names) {
    alternatives.push_back(absl::StrCat(IsIpAddress(name) ? "IP:" : "DNS:", name));
  }
  const absl::Time end = std::min(now + kServerCertificateLifetime, ExpireTime(ca));
  Certificate server(X509_new());
  if (!server || !SetCommonParts(server.get(), key.get(), "gusud", now - kBackdate, end) ||
      X509_set_issuer_name(server.get(), X509_get_subject_name(ca.get())) != 1 ||
      !AddExtension(server.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !AddExtension(server.get(), ca.get(), NID_key_usage, "critical,digitalSignature") ||
      !AddExtension(server.get(), ca.get(), NID_ext_key_usage, "serverAuth") ||
      !AddExtension(server.get(), ca.get(), NID_subject_key_identifier, "hash") ||
      !AddExtension(server.get(), ca.get(), NID_authority_key_identifier, "keyid") ||
      !AddExtension(server.get(), ca.get(), NID_subject_alt_name,
                    absl::StrJoin(alternatives, ",")) ||
      X509_sign(server.get(), ca_key.get(), EVP_sha256()) == 0) {
    return OpenSslError("cannot make a server certificate");
  }
  return server;
}

struct Ca {
  Certificate certificate;
  Key key;  // empty when the operator took it away
};

absl::StatusOr<Ca> EnsureCa(const std::string& directory, absl::Time now) {
  const std::string key_path = directory + "/ca.key";
  const std::string certificate_path = directory + "/ca.crt";
  absl::StatusOr<Certificate> certificate = ReadCertificate(certificate_path);
  if (certificate.ok()) {
    absl::StatusOr<Key> key = ReadKey(key_path);
    if (absl::IsNotFound(key.status())) return Ca{*std::move(certificate), nullptr};
    if (!key.ok()) return key.status();
    if (X509_check_private_key(certificate->get(), key->get()) != 1) {
      return OpenSslError(absl::StrCat(key_path, " is not the key of ", certificate_path));
    }
    return Ca{*std::move(certificate), *std::move(key)};
  }
  if (!absl::IsNotFound(certificate.status())) return certificate.status();
  GUSU_ASSIGN_OR_RETURN(Key key, EnsureKey(key_path));
  GUSU_ASSIGN_OR_RETURN(Certificate made, MakeCa(key, now));
  GUSU_ASSIGN_OR_RETURN(const std::string pem, ToPem(made));
  GUSU_RETURN_IF_ERROR(WritePrivateFile(certificate_path, pem));
  return Ca{std::move(made), std::move(key)};
}

// Whether the certificate can still be shown for all of `names`.
bool Serves(const Certificate& certificate, const Key& key, const Ca& ca,
            const std::vector<std::string>& names, absl::Time now) {
  EVP_PKEY* ca_key = X509_get0_pubkey(ca.certificate.get());
  const absl::Time end = ExpireTime(certificate);
  // A certificate that ends with its CA cannot be renewed to last longer.
  const bool fresh = now + kServerCertificateRenewal < end || end == ExpireTime(ca.certificate);
  const bool serves = fresh && X509_check_private_key(certificate.get(), key.get()) == 1 &&
                      X509_check_issued(ca.certificate.get(), certificate.get()) == X509_V_OK &&
                      X509_verify(certificate.get(), ca_key) == 1 &&
                      std::all_of(names.begin(), names.end(), [&](const std::string& name) {
                        return IsFor(certificate, name);
                      });
  ERR_clear_error();
  return serves;
}

}  // namespace

std::vector<std::string> ServerNames(const std::vector<std::string>& more) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  char host[256] = {};
  if (gethostname(host, sizeof host - 1) == 0 && host[0] != '\0') names.emplace_back(host);
  for (const std::string& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

absl::StatusOr<TlsFiles> EnsureTlsFiles(const std::string& directory,
                                        const std::vector<std::string>& names, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const Ca ca, EnsureCa(directory, now));
  TlsFiles files;
  files.key_path = directory + "/server.key";
  files.certificate_path = directory + "/server.crt";
  files.ca_path = directory + "/ca.crt";
  files.ca_fingerprint = Fingerprint(ca.certificate);
  GUSU_ASSIGN_OR_RETURN(const Key key, EnsureKey(files.key_path));

  absl::StatusOr<Certificate> current = ReadCertificate(files.certificate_path);
  if (!current.ok() && !absl::IsNotFound(current.status())) return current.status();
  if (current.ok() && Serves(*current, key, ca, names, now)) {
    files.expire_time = ExpireTime(*current);
    return files;
  }
  if (!ca.key) {
    return absl::FailedPreconditionError(
        absl::StrCat(files.certificate_path, " must be renewed, and ", directory,
                     "/ca.key is missing: put it back, or remove ca.crt to begin with a new CA"));
  }
  if (ExpireTime(ca.certificate) <= now) {
    return absl::FailedPreconditionError(
        absl::StrCat(files.ca_path, " has expired: remove it to begin with a new CA"));
  }
  GUSU_ASSIGN_OR_RETURN(const Certificate made,
                        MakeServerCertificate(key, ca.certificate, ca.key, names, now));
  GUSU_ASSIGN_OR_RETURN(const std::string pem, ToPem(made));
  GUSU_ASSIGN_OR_RETURN(const std::string ca_pem, ToPem(ca.certificate));
  GUSU_RETURN_IF_ERROR(WritePrivateFile(files.certificate_path, pem + ca_pem));
  files.expire_time = ExpireTime(made);
  files.renewed = true;
  return files;
}

absl::StatusOr<TlsFiles> CheckTlsFiles(const std::string& certificate_path,
                                       const std::string& key_path, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const Certificate certificate, ReadCertificate(certificate_path));
  GUSU_ASSIGN_OR_RETURN(const Key key, ReadKey(key_path));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return OpenSslError(absl::StrCat(key_path, " is not the key of ", certificate_path));
  }
  TlsFiles files;
  files.certificate_path = certificate_path;
  files.key_path = key_path;
  files.expire_time = ExpireTime(certificate);
  if (files.expire_time <= now) {
    return absl::FailedPreconditionError(
        absl::StrCat(certificate_path, " expired on ", absl::FormatTime(files.expire_time)));
  }
  return files;
}

}  // namespace gusu::server
