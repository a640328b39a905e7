// A peer of an HTTP server that sends what it likes, plain or over TLS. What would hang for 20 s
// fails instead.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;

namespace gusu::test {

class HttpPeer {
 public:
  // Connects on 127.0.0.1; `tls` without looking at the certificate.
  explicit HttpPeer(uint16_t port, bool tls = false);
  ~HttpPeer();
  HttpPeer(const HttpPeer&) = delete;
  HttpPeer& operator=(const HttpPeer&) = delete;

  // Also whether the handshake succeeded.
  bool connected() const { return connected_; }
  // False when the other side takes no more.
  bool Send(std::string_view bytes);
  // No more is sent, but still received.
  void EndSending();
  // `count` bytes, or what comes before the end.
  std::string Receive(size_t count);
  // The next response as it came, its body included: as long as its headers say, or to the end.
  // `head_only` for the answer to HEAD. Empty: none came.
  std::string Response(bool head_only = false);
  // The same, as `200: body`; chunks are joined.
  std::string Answer(bool head_only = false);
  // Nothing more comes.
  bool Ends();
  // Over TLS: the end was told, so that nobody can have cut off what came before.
  bool end_was_told() const;

  // Of the certificate that the server showed, PEM.
  std::string certificate() const;
  std::string tls_version() const;
  std::string tls_protocol() const;  // by ALPN

 private:
  int Read(char* bytes, size_t count);
  bool Fill();

  int descriptor_ = -1;
  ssl_st* tls_ = nullptr;
  bool connected_ = false;
  std::string received_;  // and not given away yet
};

// Its body: chunks joined.
std::string BodyOf(const std::string& response);
// The value of a header; empty: none.
std::string HeaderOf(const std::string& response, const std::string& name);

}  // namespace gusu::test
