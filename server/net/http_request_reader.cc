#include "server/net/http_request_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;

constexpr size_t kReadBytes = 4096;
// A body beyond one read is read by this much at a time, so that only what comes is kept.
constexpr size_t kBodyReadBytes = 64 * 1024;
// The last chunk and what ends it are no shorter: the parser counts on them, chunk by chunk.
constexpr size_t kLastChunkBytes = 5;
constexpr size_t kLengthDigitsMax = 18;

bool IsTokenCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         (c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr);
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenCharacter);
}

bool IsControlByte(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }

bool HasControlByte(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c != '\t' && IsControlByte(c); });
}

// A name, an address, and a port: what cannot be in them would mean something elsewhere.
bool IsHost(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return IsControlByte(c) || std::strchr(" /?#@,\\\"<>", c) != nullptr;
  });
}

bool IsVersion(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[5])) && text[6] == '.' &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[7]));
}

}  // namespace

// Puts what Beast reads straight into the request.
class HttpRequestReader::Parser final : public http::basic_parser<true> {
 public:
  Parser(const Limits& limits, HttpRequest* request) : limits_(limits), request_(request) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    body_limit(limits.body_bytes_max);
  }

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int,
                       error_code&) override {
    request_->method.assign(method.data(), method.size());
    request_->target.assign(target.data(), target.size());
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_field_impl(http::field, beast::string_view name, beast::string_view value,
                     error_code& error) override {
    if (++field_count_ > limits_.header_count_max) {
      error = http::error::header_limit;
    } else if (!is_header_whole_) {  // what trails a body is not looked at
      request_->headers.push_back({std::string(name), std::string(value)});
    }
  }
  void on_header_impl(error_code&) override {
    is_header_whole_ = true;
    field_count_ = 0;
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override {
    request_->body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view extension,
                            error_code& error) override {
    extension_bytes_ += extension.size();
    if (extension_bytes_ > kChunkExtensionBytesMax) error = http::error::bad_chunk_extension;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes,
                                 error_code& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(error_code&) override {}

  const Limits& limits_;
  HttpRequest* const request_;
  bool is_header_whole_ = false;
  size_t field_count_ = 0;
  size_t extension_bytes_ = 0;
};

HttpRequestReader::HttpRequestReader(const Limits& limits) : limits_(limits) {}

HttpRequestReader::~HttpRequestReader() = default;

std::span<char> HttpRequestReader::Room() {
  // What was read already makes room before anything grows.
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const size_t room = state_ == State::kBody ? kBodyReadBytes : kReadBytes;
  // A long body leaves no long buffer behind.
  if (state_ == State::kIdle && end_ == 0 && buffer_.size() > 2 * kReadBytes) {
    buffer_ = std::string();
  }
  if (buffer_.size() < end_ + room) buffer_.resize(end_ + room);
  return {buffer_.data() + end_, buffer_.size() - end_};
}

void HttpRequestReader::Received(size_t count) { end_ += count; }

HttpRequestReader::State HttpRequestReader::Refuse(int status, std::string_view what) {
  refusal_ = {status, what};
  keep_alive_ = false;
  return state_ = State::kRefused;
}

HttpRequestReader::State HttpRequestReader::Advance() {
  switch (state_) {
    case State::kIdle:
      if (Pending().empty()) return state_;
      state_ = State::kHeader;
      return ReadHeader();
    case State::kHeader:
      return ReadHeader();
    case State::kContinue:
      state_ = State::kBody;
      return ReadBody();
    case State::kBody:
      return ReadBody();
    case State::kWhole:
    case State::kRefused:
      return state_;
  }
  return state_;
}

// Looks at each line once, when it has come, and lets the parser see the header when it is whole.
HttpRequestReader::State HttpRequestReader::ReadHeader() {
  while (state_ == State::kHeader) {
    const std::string_view pending = Pending();
    const size_t line_end = pending.find('\n', scanned_);
    if (line_end == std::string_view::npos || line_end >= limits_.header_bytes_max) {
      scanned_ = pending.size();
      if (scanned_ < limits_.header_bytes_max) return state_;
      return line_count_ == 0 ? Refuse(414, "the target is too long")
                              : Refuse(431, "the headers are too long");
    }
    scanned_ = line_end + 1;
    const std::string_view line = pending.substr(line_begin_, line_end - line_begin_);
    if (!line.ends_with('\r')) return Refuse(400, "a line does not end with CR LF");
    line_begin_ = scanned_;
    if (line.size() > 1) {
      CheckLine(line.substr(0, line.size() - 1));
      ++line_count_;
    } else if (line_count_ > 0) {
      return ParseHeader(scanned_);
    } else if (std::exchange(skipped_empty_line_, true)) {
      return Refuse(400, "a request does not begin with empty lines");
    } else {
      begin_ += scanned_;
      scanned_ = line_begin_ = 0;
      if (Pending().empty()) state_ = State::kIdle;
    }
  }
  return state_;
}

HttpRequestReader::State HttpRequestReader::CheckLine(std::string_view line) {
  if (line_count_ == 0) return CheckRequestLine(line);
  if (line_count_ > limits_.header_count_max) return Refuse(431, "there are too many headers");
  if (line.front() == ' ' || line.front() == '\t') return Refuse(400, "a header is folded");
  if (HasControlByte(line)) return Refuse(400, "a header has a control character");
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) {
    return Refuse(400, "a header's name is none, or does not end with its colon");
  }
  const absl::string_view name = AbslView(line.substr(0, colon));
  const absl::string_view value = absl::StripAsciiWhitespace(AbslView(line.substr(colon + 1)));
  if (absl::EqualsIgnoreCase(name, "Content-Length")) {
    ++length_count_;
    return CheckContentLength(StdView(value));
  }
  if (absl::EqualsIgnoreCase(name, "Transfer-Encoding")) {
    ++length_count_;
    is_chunked_ = absl::EqualsIgnoreCase(value, "chunked");
    if (!is_chunked_) has_other_encoding_ = true;
  }
  return state_;
}

HttpRequestReader::State HttpRequestReader::CheckContentLength(std::string_view value) {
  const bool is_number = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  if (!is_number) return Refuse(400, "Content-Length is no number");
  return value.size() > kLengthDigitsMax ? Refuse(413, "the body is too long") : state_;
}

HttpRequestReader::State HttpRequestReader::CheckRequestLine(std::string_view line) {
  const size_t method_end = line.find(' ');
  const size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end) {
    return Refuse(400, "the request line is not METHOD TARGET HTTP/1.1");
  }
  const std::string_view method = line.substr(0, method_end);
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  if (!IsToken(method) || !IsVersion(version) || target.empty() ||
      target.find(' ') != std::string_view::npos || HasControlByte(target) ||
      target.find('\t') != std::string_view::npos) {
    return Refuse(400, "the request line is not METHOD TARGET HTTP/1.1");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return Refuse(505, "speak HTTP/1.1");
  if (method.size() > kMethodBytesMax || method == "CONNECT" || method == "TRACE") {
    return Refuse(501, "there is no such method here");
  }
  if (target.size() > limits_.target_bytes_max) return Refuse(414, "the target is too long");
  if (target.front() != '/') return Refuse(400, "the target does not begin with /");
  is_http_1_0_ = version == "HTTP/1.0";
  return state_;
}

HttpRequestReader::State HttpRequestReader::ParseHeader(size_t size) {
  // A body has one length, said in one way.
  if (length_count_ > 1) return Refuse(400, "the body has more than one length");
  if (has_other_encoding_) return Refuse(501, "the only Transfer-Encoding is chunked");
  if (is_chunked_ && is_http_1_0_) return Refuse(400, "HTTP/1.0 has no Transfer-Encoding");
  parser_ = std::make_unique<Parser>(limits_, &request_);
  error_code error;
  const std::string_view header = Pending().substr(0, size);
  parser_->put(boost::asio::const_buffer(header.data(), header.size()), error);
  begin_ += size;
  scanned_ = line_begin_ = line_count_ = 0;
  skipped_empty_line_ = false;
  length_count_ = 0;
  if (error == http::error::body_limit) return Refuse(413, "the body is too long");
  if (error == http::error::header_limit) return Refuse(431, "the headers are too long");
  if (error && error != http::error::need_more) return Refuse(400, "the headers are malformed");
  return CheckHeader();
}

HttpRequestReader::State HttpRequestReader::CheckHeader() {
  const size_t hosts = request_.HeaderCount("Host");
  if (hosts > 1 || (hosts == 0 && !is_http_1_0_)) return Refuse(400, "give Host once");
  if (!IsHost(request_.Header("Host"))) return Refuse(400, "Host is no host");
  keep_alive_ = !is_http_1_0_ && parser_->keep_alive();
  const bool expects = request_.HeaderCount("Expect") > 0;
  if (expects && (request_.HeaderCount("Expect") > 1 ||
                  !absl::EqualsIgnoreCase(AbslView(request_.Header("Expect")), "100-continue"))) {
    return Refuse(417, "the only expectation is 100-continue");
  }
  if (parser_->is_done()) return state_ = State::kWhole;
  state_ = State::kBody;
  if (expects && !is_http_1_0_ && Pending().empty()) return state_ = State::kContinue;
  return ReadBody();
}

HttpRequestReader::State HttpRequestReader::ReadBody() {
  while (!parser_->is_done()) {
    std::string_view pending = Pending();
    // Of chunks no more at once than a line, or the trailers, may have.
    if (is_chunked_) pending = pending.substr(0, limits_.header_bytes_max);
    if (pending.size() < (is_chunked_ ? kLastChunkBytes : 1)) return state_;
    error_code error;
    const size_t taken =
        parser_->put(boost::asio::const_buffer(pending.data(), pending.size()), error);
    begin_ += taken;
    if (error == http::error::body_limit) return Refuse(413, "the body is too long");
    if (error == http::error::header_limit) return Refuse(431, "there are too many trailers");
    if (error && error != http::error::need_more) return Refuse(400, "a chunk is malformed");
    if (taken > 0 || parser_->is_done()) continue;
    if (pending.size() < limits_.header_bytes_max) return state_;
    return Refuse(431, "a chunk's line, or the trailers, are too long");
  }
  return state_ = State::kWhole;
}

HttpRequest HttpRequestReader::Take() {
  HttpRequest request = std::exchange(request_, {});
  parser_.reset();
  is_chunked_ = false;
  state_ = State::kIdle;
  return request;
}

}  // namespace gusu::server
