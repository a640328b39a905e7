#include "server/net/tls_certificate.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <utility>

#include "proto/text.h"
#include "server/log.h"

namespace gusu::server {
namespace {

constexpr unsigned char kHttp11[] = "\x08http/1.1";

absl::Status Unusable(const std::string& path) {
  const unsigned long code = ERR_get_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return absl::FailedPreconditionError(
      Concat("cannot use ", path, " for TLS: ", reason == nullptr ? "it does not fit" : reason));
}

// A key that asks for a password is refused: nobody sits at a server to type one.
int NoPassword(char*, int, int, void*) { return -1; }

int SelectProtocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* selected = nullptr;
  if (SSL_select_next_proto(&selected, chosen_size, kHttp11, sizeof kHttp11 - 1, offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

absl::Status TlsCertificate::Load() {
  seen_ = Stamps();
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (context == nullptr) return absl::InternalError("OpenSSL makes no context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), &SelectProtocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context.get(), &NoPassword);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_path_.c_str()) != 1) {
    return Unusable(certificate_path_);
  }
  // Fails, too, when it is not the certificate's.
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_path_.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Unusable(key_path_);
  }
  const std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return absl::OkStatus();
}

void TlsCertificate::LoadWhenChanged() {
  if (Stamps() == seen_) return;
  const absl::Status status = Load();
  if (status.ok()) {
    Log(LogLevel::kInfo, "certificate_loaded",
        {{"door", "http"}, {"certificate", certificate_path_}});
  } else {
    Log(LogLevel::kWarning, "certificate_not_loaded",
        {{"door", "http"}, {"error", StdView(status.message())}});
  }
}

std::shared_ptr<ssl_ctx_st> TlsCertificate::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

std::array<TlsCertificate::Stamp, 2> TlsCertificate::Stamps() const {
  std::array<Stamp, 2> stamps{};
  const std::string* const paths[] = {&certificate_path_, &key_path_};
  for (size_t i = 0; i < stamps.size(); ++i) {
    struct stat status {};
    if (stat(paths[i]->c_str(), &status) != 0) continue;
    stamps[i] = {static_cast<int64_t>(status.st_ino), static_cast<int64_t>(status.st_size),
                 static_cast<int64_t>(status.st_mtim.tv_sec),
                 static_cast<int64_t>(status.st_mtim.tv_nsec)};
  }
  return stamps;
}

}  // namespace gusu::server
