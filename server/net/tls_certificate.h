// A server's certificate and key for TLS, read again when their files change.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace gusu::server {

class TlsCertificate {
 public:
  // PEM; the whole chain, and its key.
  TlsCertificate(std::string certificate_path, std::string key_path)
      : certificate_path_(std::move(certificate_path)), key_path_(std::move(key_path)) {}

  // kFailedPrecondition names the file that cannot be used; what was loaded before stays.
  absl::Status Load();
  // When the files are others than Load saw last. Logs what it did. On the thread of Load.
  void LoadWhenChanged();

  // TLS 1.2 and newer, for HTTP/1.1 by ALPN; shared with all who are given it. nullptr before the
  // first Load. May be called from any thread.
  std::shared_ptr<ssl_ctx_st> context() const;

 private:
  using Stamp = std::array<int64_t, 4>;

  std::array<Stamp, 2> Stamps() const;

  const std::string certificate_path_;
  const std::string key_path_;
  std::array<Stamp, 2> seen_{};
  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace gusu::server
