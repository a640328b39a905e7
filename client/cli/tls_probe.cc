#include "client/cli/tls_probe.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cctype>
#include <cstdio>
#include <memory>

#include "client/cli/socket.h"

namespace gusu::cli {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Failure NotTrustworthy(const std::string& server, const std::string& why, std::string hint) {
  return {ExitCode::kRefused, "CERTIFICATE_REFUSED", server + " " + why, std::move(hint)};
}

std::string ToText(const ASN1_TIME* time) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  ASN1_TIME_print(bio.get(), time);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

Authority Describe(X509* certificate) {
  Authority authority;
  const Owned<BIO> subject(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(subject.get(), X509_get_subject_name(certificate), 0,
                     XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  long size = BIO_get_mem_data(subject.get(), &data);
  authority.subject.assign(data, static_cast<size_t>(size));
  const Owned<BIO> pem(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(pem.get(), certificate);
  size = BIO_get_mem_data(pem.get(), &data);
  authority.pem.assign(data, static_cast<size_t>(size));
  authority.not_before = ToText(X509_get0_notBefore(certificate));
  authority.not_after = ToText(X509_get0_notAfter(certificate));
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned digest_bytes = 0;
  X509_digest(certificate, EVP_sha256(), digest, &digest_bytes);
  for (unsigned i = 0; i < digest_bytes; ++i) {
    char hex[4];
    std::snprintf(hex, sizeof hex, i == 0 ? "%02X" : ":%02X", digest[i]);
    authority.fingerprint += hex;
  }
  return authority;
}

// Empty when `authority` proves the chain's first certificate for the host, else why not.
std::string Verify(STACK_OF(X509) * chain, X509* authority, const std::string& host) {
  const Owned<X509_STORE> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), authority);
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), sk_X509_value(chain, 0), chain);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  in6_addr unused;
  const bool is_address = inet_pton(AF_INET, host.c_str(), &unused) == 1 ||
                          inet_pton(AF_INET6, host.c_str(), &unused) == 1;
  if (is_address) {
    X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  }
  if (X509_verify_cert(context.get()) == 1) return "";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

OrFailure<Authority> FindAuthority(STACK_OF(X509) * chain, const std::string& server,
                                   const std::string& host) {
  for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
    X509* certificate = sk_X509_value(chain, i);
    if (X509_check_ca(certificate) == 0 || X509_self_signed(certificate, 1) != 1) continue;
    const std::string why = Verify(chain, certificate, host);
    if (why.empty()) return Describe(certificate);
    return NotTrustworthy(server, "shows a certificate that does not hold: " + why,
                          "name the server as its certificate does, with --server");
  }
  return NotTrustworthy(server, "does not send its authority's certificate",
                        "ask for the file, and name it with --ca FILE or GUSU_CA");
}

}  // namespace

OrFailure<Authority> ProbeAuthority(const std::string& server, double timeout_seconds) {
  const OrFailure<HostPort> at = SplitHostPort(server);
  if (!at.ok()) return at.failure();
  const auto connection = ConnectTo(server, Transport::kTcp, timeout_seconds);
  if (!connection.ok()) return connection.failure();
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  const Owned<SSL> ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), connection->descriptor());
  SSL_set_tlsext_host_name(ssl.get(), at->host.c_str());
  static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  SSL_set_alpn_protos(ssl.get(), kHttp2, sizeof kHttp2);
  if (SSL_connect(ssl.get()) != 1) {
    const char* why = ERR_reason_error_string(ERR_peek_last_error());
    return Unreachable(server, why == nullptr ? "it does not speak TLS" : why);
  }
  return FindAuthority(SSL_get_peer_cert_chain(ssl.get()), server, at->host);
}

bool SameFingerprint(const std::string& a, const std::string& b) {
  const auto digits = [](const std::string& text) {
    std::string plain;
    for (const char c : text) {
      if (std::isalnum(static_cast<unsigned char>(c))) {
        plain.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
      }
    }
    return plain.starts_with("SHA256") ? plain.substr(6) : plain;
  };
  return digits(a).size() == 64 && digits(a) == digits(b);
}

}  // namespace gusu::cli
