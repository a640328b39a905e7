// Requests and responses of HTTP/1.1 as a server of the doors sees them: whole, and freed of what
// is about the connection.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gusu::server {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method;  // as sent: GET
  // As sent, in origin form: begins with "/", path and query not decoded.
  std::string target;
  std::vector<HttpHeader> headers;  // in order
  std::string body;                 // whole, whatever way it was transferred
  std::string peer;                 // numeric address without port
  bool tls = false;

  // The first of that name, whatever its case; empty: none.
  std::string_view Header(std::string_view name) const;
  size_t HeaderCount(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  // Without Content-Length, Transfer-Encoding, Connection and Date, which the server adds.
  std::vector<HttpHeader> headers;
  // Of a response to HEAD it is not sent, but counted.
  std::string body;
  bool close = false;  // the connection ends after it
  // Set while more of the body follows: called, on some thread of the server, once the peer has
  // taken this part; makes the next part through the same reply, of which only `body` and `more`
  // count. Not called, but destroyed, when the peer is gone.
  std::function<void()> more;

  // Replaces those of the same name.
  void SetHeader(std::string_view name, std::string value);
  // The first of that name; empty: none.
  std::string_view Header(std::string_view name) const;
};

// Called exactly once for a request, and once more for each `more` that was called; from any
// thread, also long after the server has stopped.
using HttpReply = std::function<void(HttpResponse)>;

}  // namespace gusu::server
