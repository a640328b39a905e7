#include "tests/e2e/conversation/http_client.h"

#include <cctype>
#include <stdexcept>

#include "tests/server/http_peer.h"

namespace gusu::e2e {
namespace {

constexpr std::string_view kUnreserved = "-._~";
constexpr std::string_view kVersion = "HTTP/1.1 ";

uint16_t PortOf(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("HTTP: no address: " + address);
  return static_cast<uint16_t>(std::stoi(address.substr(colon + 1)));
}

}  // namespace

HttpClient::HttpClient(const std::string& address, Transport transport)
    : address_(address), transport_(transport) {}

HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::Ask(const std::string& method, const std::string& target,
                           const HttpHeaders& headers, const std::string& body) {
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + address_ + "\r\n";
  for (const auto& [name, value] : headers) request.append(name + ": " + value + "\r\n");
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n" + body;
  std::string response;
  for (bool is_kept = peer_ != nullptr;; is_kept = false) {
    if (!is_kept) {
      peer_ = std::make_unique<test::HttpPeer>(PortOf(address_), transport_ == Transport::kTls);
    }
    if (peer_->Send(request)) response = peer_->Response(method == "HEAD");
    if (!response.empty()) break;
    if (!is_kept) throw std::runtime_error("HTTP: no answer to " + method + " " + target);
  }
  if (!response.starts_with(kVersion)) throw std::runtime_error("HTTP: no status: " + response);
  if (test::HeaderOf(response, "Connection") == "close") peer_.reset();
  return {std::stoi(response.substr(kVersion.size(), 3)), test::BodyOf(response)};
}

std::string PercentEncoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace gusu::e2e
