// Responses of HTTP/1.1 as bytes.
#pragma once

#include <string>
#include <string_view>

#include "server/net/http_message.h"

namespace gusu::server {

// How the body's end is told.
enum class HttpFraming {
  kLength,   // by Content-Length
  kChunked,  // in parts
  kClose,    // by the connection's end: in parts, to HTTP/1.0
};

// Status line and headers, to the empty line. A response that has a line end or another control
// character in a header is a fault of ours that could be somebody's attack: 500 is sent for it,
// which leaves it without headers and body.
std::string HttpHead(HttpResponse* response, HttpFraming framing, bool close);

// What stands before a part of a chunked body, and behind it. An empty part has neither, unless it
// is the last one.
struct ChunkFrame {
  std::string before;
  std::string_view after;
};
ChunkFrame FrameChunk(size_t body_bytes, bool is_last);

}  // namespace gusu::server
