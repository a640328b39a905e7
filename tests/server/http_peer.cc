#include "tests/server/http_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace gusu::test {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr unsigned char kHttp11[] = "\x08http/1.1";

SSL_CTX* Context() {
  static SSL_CTX* const context = [] {
    // OpenSSL's sockets would end the program when the other side has closed.
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_alpn_protos(made, kHttp11, sizeof kHttp11 - 1);
    return made;
  }();
  return context;
}

}  // namespace

HttpPeer::HttpPeer(uint16_t port, bool tls) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval patience = {20, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ =
      connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!tls || !connected_) return;
  tls_ = SSL_new(Context());
  SSL_set_fd(tls_, descriptor_);
  connected_ = SSL_connect(tls_) == 1;
}

HttpPeer::~HttpPeer() {
  if (tls_ != nullptr) SSL_free(tls_);
  close(descriptor_);
}

bool HttpPeer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count =
        tls_ != nullptr
            ? static_cast<ssize_t>(SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())))
            : send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

void HttpPeer::EndSending() { shutdown(descriptor_, SHUT_WR); }

int HttpPeer::Read(char* bytes, size_t count) {
  if (tls_ != nullptr) return SSL_read(tls_, bytes, static_cast<int>(count));
  return static_cast<int>(recv(descriptor_, bytes, count, 0));
}

bool HttpPeer::Fill() {
  char bytes[16 * 1024];
  const int count = Read(bytes, sizeof bytes);
  if (count <= 0) return false;
  received_.append(bytes, static_cast<size_t>(count));
  return true;
}

std::string HttpPeer::Receive(size_t count) {
  while (received_.size() < count && Fill()) {
  }
  std::string bytes = received_.substr(0, count);
  received_.erase(0, bytes.size());
  return bytes;
}

std::string HttpPeer::Response(bool head_only) {
  while (received_.find(kHeadEnd) == std::string::npos && Fill()) {
  }
  const size_t end = received_.find(kHeadEnd);
  if (end == std::string::npos) return "";
  std::string response = Receive(end + kHeadEnd.size());
  const int status = std::atoi(response.c_str() + 9);
  if (head_only || status < 200 || status == 204 || status == 304) return response;
  if (const std::string length = HeaderOf(response, "Content-Length"); !length.empty()) {
    return response += Receive(std::strtoul(length.c_str(), nullptr, 10));
  }
  if (HeaderOf(response, "Transfer-Encoding").empty()) {
    while (Fill()) {
    }
    return response += Receive(received_.size());
  }
  for (;;) {
    while (received_.find("\r\n") == std::string::npos && Fill()) {
    }
    const size_t line_end = received_.find("\r\n");
    if (line_end == std::string::npos) return response;
    const size_t size = std::strtoul(received_.c_str(), nullptr, 16);
    response += Receive(line_end + 2 + size + 2);
    if (size == 0) return response;
  }
}

std::string HttpPeer::Answer(bool head_only) {
  const std::string response = Response(head_only);
  return response.empty() ? "nothing" : response.substr(9, 3) + ": " + BodyOf(response);
}

bool HttpPeer::Ends() {
  if (!received_.empty()) return false;
  char byte = 0;
  const int count = Read(&byte, 1);
  if (tls_ != nullptr) return count <= 0;
  return count == 0 || (count < 0 && errno != EAGAIN);
}

bool HttpPeer::end_was_told() const {
  return (SSL_get_shutdown(tls_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string HttpPeer::certificate() const {
  X509* const shown = SSL_get1_peer_certificate(tls_);
  if (shown == nullptr) return "";
  BIO* const memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, shown);
  char* bytes = nullptr;
  const long count = BIO_get_mem_data(memory, &bytes);
  std::string pem(bytes, static_cast<size_t>(count));
  BIO_free(memory);
  X509_free(shown);
  return pem;
}

std::string HttpPeer::tls_version() const { return SSL_get_version(tls_); }

std::string HttpPeer::tls_protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_, &name, &size);
  return std::string(reinterpret_cast<const char*>(name), size);
}

std::string BodyOf(const std::string& response) {
  const size_t end = response.find(kHeadEnd);
  if (end == std::string::npos) return "";
  std::string rest = response.substr(end + kHeadEnd.size());
  if (HeaderOf(response, "Transfer-Encoding").empty()) return rest;
  std::string body;
  for (;;) {
    const size_t size = std::strtoul(rest.c_str(), nullptr, 16);
    const size_t begin = rest.find("\r\n") + 2;
    if (size == 0) return body;
    body += rest.substr(begin, size);
    rest.erase(0, std::min(begin + size + 2, rest.size()));
  }
}

std::string HeaderOf(const std::string& response, const std::string& name) {
  const size_t end = response.find(kHeadEnd);
  for (size_t at = response.find("\r\n"); at < end;) {
    at += 2;
    const size_t line_end = response.find("\r\n", at);
    const std::string line = response.substr(at, line_end - at);
    if (strncasecmp(line.c_str(), (name + ":").c_str(), name.size() + 1) == 0) {
      return line.substr(name.size() + 2);
    }
    at = line_end;
  }
  return "";
}

}  // namespace gusu::test
