// A client of HTTP/1.1 as tests of whole servers use it: one connection that is kept alive, one
// request at a time. Shares no code with the server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gusu::test {
class HttpPeer;
}

namespace gusu::e2e {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpAnswer {
  int status = 0;
  std::string body;  // whole, whatever way it was transferred
};

class HttpClient {
 public:
  enum class Transport { kPlain, kTls };

  // Of `address`, 127.0.0.1:PORT.
  HttpClient(const std::string& address, Transport transport);
  ~HttpClient();

  // Connects anew when the server has ended the connection meanwhile. Throws std::runtime_error
  // when no whole answer comes within 20 s.
  HttpAnswer Ask(const std::string& method, const std::string& target,
                 const HttpHeaders& headers = {}, const std::string& body = {});

 private:
  const std::string address_;
  const Transport transport_;
  std::unique_ptr<test::HttpPeer> peer_;
};

// All but letters, digits and "-._~" as %XX.
std::string PercentEncoded(std::string_view text);

}  // namespace gusu::e2e
