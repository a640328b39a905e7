// Requests of HTTP/1.1 (RFC 9112) out of the bytes of a connection, however these were cut.
//
//   std::span<char> room = reader.Room();
//   reader.Received(read(descriptor, room.data(), room.size()));
//   if (reader.Advance() == HttpRequestReader::State::kWhole) handle(reader.Take());
//
// Takes nothing in two ways that another server before this one could take differently: lines end
// with CR LF, a body has one length, and names hold no blanks. Not for two threads at once.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "server/net/http_message.h"

namespace gusu::server {

class HttpRequestReader {
 public:
  struct Limits {
    size_t target_bytes_max = 0;
    size_t header_bytes_max = 0;  // request line and headers together; also of a chunk's own line
    size_t header_count_max = 0;
    size_t body_bytes_max = 0;
  };
  static constexpr size_t kMethodBytesMax = 32;
  // Of one request, all chunks together.
  static constexpr size_t kChunkExtensionBytesMax = 1024;

  enum class State {
    kIdle,      // no byte of a request has come, but perhaps the empty line that may precede it
    kHeader,    // request line and headers are coming
    kContinue,  // likewise, and the peer waits for 100 before it sends the body; told once
    kBody,
    kWhole,    // Take()
    kRefused,  // what comes is no request, or more than the limits allow: there is no going on
  };
  // What to answer then.
  struct Refusal {
    int status = 400;
    std::string_view what;
  };

  explicit HttpRequestReader(const Limits& limits);
  ~HttpRequestReader();

  // Where to put the bytes that come next; never empty.
  std::span<char> Room();
  void Received(size_t count);
  // Reads on as far as the bytes go, at most to the end of one request.
  State Advance();

  // After kWhole. What came behind the request is the beginning of the next one.
  HttpRequest Take();
  // Whether bytes have come that are not read yet.
  bool HasBytes() const { return end_ > begin_; }
  // Of the request that was taken, or is being read.
  bool keep_alive() const { return keep_alive_; }
  bool is_http_1_0() const { return is_http_1_0_; }
  const Refusal& refusal() const { return refusal_; }

 private:
  class Parser;

  State Refuse(int status, std::string_view what);
  State ReadHeader();
  State CheckLine(std::string_view line);
  State CheckRequestLine(std::string_view line);
  State CheckContentLength(std::string_view value);
  State ParseHeader(size_t size);
  State CheckHeader();
  State ReadBody();
  std::string_view Pending() const { return {buffer_.data() + begin_, end_ - begin_}; }

  const Limits limits_;
  State state_ = State::kIdle;
  Refusal refusal_;
  bool keep_alive_ = true;
  bool is_http_1_0_ = false;

  // Bytes begin_ to end_ of it came, and are not read yet.
  std::string buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  // Of the header that is coming, counted from begin_.
  size_t line_begin_ = 0;
  size_t scanned_ = 0;
  size_t line_count_ = 0;
  bool skipped_empty_line_ = false;
  size_t length_count_ = 0;  // headers that say how long the body is
  bool has_other_encoding_ = false;

  bool is_chunked_ = false;
  HttpRequest request_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace gusu::server
