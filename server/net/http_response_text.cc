#include "server/net/http_response_text.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/text.h"
#include "server/log.h"

namespace gusu::server {
namespace {

constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kEndAndLastChunk = "\r\n0\r\n\r\n";

// As RFC 9110, 5.6.7 has it; made once a second.
const std::string& DateNow() {
  thread_local int64_t second = 0;
  thread_local std::string text;
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  if (now != second) {
    second = now;
    text = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromUnixSeconds(now),
                            absl::UTCTimeZone());
  }
  return text;
}

bool IsSafe(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7F';
  });
}

bool HasBody(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

std::string HttpHead(HttpResponse* response, HttpFraming framing, bool close) {
  for (const HttpHeader& header : response->headers) {
    if (IsSafe(header.name) && IsSafe(header.value)) continue;
    Log(LogLevel::kError, "header_refused", {{"name", header.name}, {"value", header.value}});
    *response = HttpResponse();
    response->status = 500;
    framing = HttpFraming::kLength;
    break;
  }
  const auto reason = boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(response->status)));
  std::string head =
      Concat("HTTP/1.1 ", response->status, " ", std::string_view(reason.data(), reason.size()),
             "\r\nDate: ", DateNow(), "\r\n");
  for (const HttpHeader& header : response->headers) {
    head += header.name;
    head += ": ";
    head += header.value;
    head += "\r\n";
  }
  if (framing == HttpFraming::kChunked) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (framing == HttpFraming::kLength && HasBody(response->status)) {
    head += Concat("Content-Length: ", response->body.size(), "\r\n");
  }
  if (close) head += "Connection: close\r\n";
  return head += "\r\n";
}

ChunkFrame FrameChunk(size_t body_bytes, bool is_last) {
  if (body_bytes == 0) return {"", is_last ? kLastChunk : std::string_view()};
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, body_bytes, 16).ptr;
  return {Concat(std::string_view(digits, static_cast<size_t>(end - digits)), "\r\n"),
          is_last ? kEndAndLastChunk : std::string_view("\r\n")};
}

}  // namespace gusu::server
