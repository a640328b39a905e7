// Requests out of bytes: what is one, what is none, and that it does not matter how bytes are cut.
#include "server/net/http_request_reader.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "proto/text.h"
#include "tests/random.h"

namespace gusu::server {
namespace {

using State = HttpRequestReader::State;

constexpr HttpRequestReader::Limits kLimits{
    .target_bytes_max = 200, .header_bytes_max = 600, .header_count_max = 8, .body_bytes_max = 100};

// All requests of the bytes, given in pieces of these sizes and then whole:
// `GET /x HTTP/1.1 Host=a [body]`, and at the end what is left to come or why it was refused.
std::string Read(std::string_view bytes, const std::vector<size_t>& sizes = {},
                 const HttpRequestReader::Limits& limits = kLimits) {
  HttpRequestReader reader(limits);
  std::string shown;
  size_t next = 0;
  for (;;) {
    switch (reader.Advance()) {
      case State::kWhole: {
        const bool is_old = reader.is_http_1_0();
        const HttpRequest request = reader.Take();
        shown += Concat(request.method, " ", request.target, is_old ? " 1.0" : "",
                        reader.keep_alive() ? "" : " close");
        for (const HttpHeader& header : request.headers) {
          shown += Concat(" ", header.name, "=", header.value);
        }
        shown += Concat(" [", request.body, "]; ");
        continue;
      }
      case State::kRefused:
        return shown + Concat(reader.refusal().status, " ", reader.refusal().what);
      case State::kContinue:
        shown += "100; ";
        break;
      default:
        break;
    }
    if (bytes.empty()) {
      const State state = reader.Advance();
      return shown + (state == State::kIdle ? "end" : state == State::kHeader ? "header" : "body");
    }
    const std::span<char> room = reader.Room();
    const size_t wanted = next < sizes.size() ? sizes[next++] : bytes.size();
    const size_t count = std::min({wanted, bytes.size(), room.size()});
    std::memcpy(room.data(), bytes.data(), count);
    reader.Received(count);
    bytes.remove_prefix(count);
  }
}

std::string Get(std::string_view more) {
  return Concat("GET / HTTP/1.1\r\nHost: a\r\n", more, "\r\n");
}

const std::vector<std::string>& Samples() {
  static const std::vector<std::string> samples = {
      Get(""),
      Get("") + Get("Connection: close\r\n"),
      "\r\nGET /a?b HTTP/1.0\r\n\r\n",
      "POST /x HTTP/1.1\r\nhost:a\r\nContent-Length: 5\r\n\r\nhelloGET /y HTTP/1.1\r\nHost: "
      "b\r\n\r\n",
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n "
      "world\r\n0\r\nTrailer: x\r\n\r\nGET /y HTTP/1.1\r\nHost: b\r\n\r\n",
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcde",
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcdef",
      "GET /\xE6\x89\xB9 HTTP/1.1\r\nHost: a\r\nX:  spaced \t \r\n\r\n",
      "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\x16\x03\x01",
  };
  return samples;
}

}  // namespace

TEST_CASE("requests are read with their headers and bodies, one after the other") {
  CHECK(Read(Samples()[0]) == "GET / Host=a []; end");
  CHECK(Read(Samples()[1]) == "GET / Host=a []; GET / close Host=a Connection=close []; end");
  CHECK(Read(Samples()[2]) == "GET /a?b 1.0 close []; end");
  CHECK(Read(Samples()[3]) == "POST /x host=a Content-Length=5 [hello]; GET /y Host=b []; end");
  CHECK(Read(Samples()[4]) ==
        "POST /x Host=a Transfer-Encoding=Chunked [hello world]; GET /y Host=b []; end");
  CHECK(Read(Samples()[5]) == "POST /x Host=a Transfer-Encoding=chunked []; end");
  CHECK(Read(Samples()[9]) == "GET /\xE6\x89\xB9 Host=a X=spaced []; end");
  CHECK(Read(Samples()[10]) == "BREW /pot Host=a []; end");
  CHECK(Read("") == "end");
  CHECK(Read("GET") == "header");
  CHECK(Read("\r\n") == "end");
  CHECK(Read("\r\nG") == "header");
  CHECK(Read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell") == "body");
}

TEST_CASE("it does not matter how the bytes of requests are cut") {
  for (const std::string& sample : Samples()) {
    INFO(sample);
    const std::string whole = Read(sample);
    for (size_t i = 1; i < sample.size(); ++i) CHECK(Read(sample, {i}) == whole);
    CHECK(Read(sample, std::vector<size_t>(sample.size(), 1)) == whole);
  }
  test::Random random("cut requests");
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (size_t i = 1 + random.Below(4); i > 0; --i) {
      bytes += Samples()[random.Below(Samples().size())];
    }
    // A byte of it is another one.
    if (random.Below(2) == 0) bytes[random.Below(bytes.size())] = random.Bytes(1)[0];
    std::vector<size_t> sizes;
    for (size_t i = 0; i < 20; ++i) sizes.push_back(1 + random.Below(40));
    INFO(bytes);
    CHECK(Read(bytes, sizes) == Read(bytes));
  }
}

TEST_CASE("what two servers could take differently is refused") {
  const auto post = [](std::string_view headers, std::string_view body = "") {
    return Read(Concat("POST / HTTP/1.1\r\nHost: a\r\n", headers, "\r\n", body));
  };
  const std::string twice = "400 the body has more than one length";
  CHECK(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == twice);
  CHECK(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") == twice);
  CHECK(post("Content-Length: 5\r\nContent-Length: 5\r\n") == twice);
  CHECK(post("Content-Length: 5\r\nContent-Length: 6\r\n") == twice);
  CHECK(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") == twice);
  CHECK(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") == twice);
  for (const char* length : {"5, 5", "+5", "-5", "0x5", "5 5", "", "5;", "\"5\""}) {
    INFO(length);
    CHECK(post(Concat("Content-Length: ", length, "\r\n")) == "400 Content-Length is no number");
  }
  CHECK(post("Content-Length: 99999999999999999999\r\n").substr(0, 3) == "413");
  CHECK(post("Content-Length: 101\r\n") == "413 the body is too long");
  for (const char* coding : {"gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked",
                             "xchunked", "identity", "", "chunked;q=1"}) {
    INFO(coding);
    CHECK(post(Concat("Transfer-Encoding: ", coding, "\r\n")) ==
          "501 the only Transfer-Encoding is chunked");
  }
  CHECK(post("Transfer-Encoding: \x0b"
             "chunked\r\n") == "400 a header has a control character");
  CHECK(Read("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") ==
        "400 HTTP/1.0 has no Transfer-Encoding");
  // Names and lines.
  const std::string name = "400 a header's name is none, or does not end with its colon";
  CHECK(post("Content-Length : 5\r\n") == name);
  CHECK(post("Content Length: 5\r\n") == name);
  CHECK(post(": 5\r\n") == name);
  CHECK(post("Content-Length\r\n") == name);
  CHECK(post("Conte\xCC\x88nt: 5\r\n") == name);
  CHECK(post("X: 1\r\n folded\r\n") == "400 a header is folded");
  CHECK(post("X: 1\r\n\tfolded\r\n") == "400 a header is folded");
  const std::string line = "400 a line does not end with CR LF";
  CHECK(post("X: 1\n") == line);
  CHECK(Read("GET / HTTP/1.1\nHost: a\n\n") == line);
  CHECK(Read("GET / HTTP/1.1\r\nHost: a\r\n\n") == line);
  const std::string control = "400 a header has a control character";
  CHECK(post("X: a\rb\r\n") == control);
  CHECK(post("X: a\r\r\n") == control);
  CHECK(post(std::string_view("X: a\0b\r\n", 8)) == control);
  CHECK(post("X\r: a\r\n") == control);
  CHECK(post("X: \x7F\r\n") == control);
}

TEST_CASE("chunks are what they say, and within their bounds") {
  const auto chunked = [](std::string_view body) {
    const std::string read =
        Read(Concat("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", body));
    constexpr std::string_view kBefore = "POST / Host=a Transfer-Encoding=chunked ";
    return read.starts_with(kBefore) ? read.substr(kBefore.size()) : read;
  };
  const std::string malformed = "400 a chunk is malformed";
  for (const char* body :
       {"g\r\nxx", "0x5\r\nhello\r\n0\r\n\r\n", "-1\r\nhello", " 5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
        "ffffffffffffffffff\r\nx", "5;\r\nhello\r\n0\r\n\r\n", "0\r\nX : y\r\n\r\n",
        "0\r\nContent-Length: 5\r\n\r\n", "5\rhello\r\n0\r\n\r\n"}) {
    INFO(body);
    CHECK(chunked(body) == malformed);
  }
  const std::string fifty = "32\r\n" + std::string(50, 'x') + "\r\n";
  CHECK(chunked(fifty + fifty + "0\r\n\r\n") == Concat("[", std::string(100, 'x'), "]; end"));
  CHECK(chunked(fifty + fifty + "1\r\nx\r\n0\r\n\r\n") == "413 the body is too long");
  CHECK(chunked("65\r\nx") == "413 the body is too long");
  CHECK(chunked("ffffffffffffffff\r\n") == "413 the body is too long");
  const std::string extended = "1;a=" + std::string(500, 'b') + "\r\nx\r\n";
  CHECK(chunked(extended + "0\r\n\r\n") == "[x]; end");
  CHECK(chunked(extended + extended + extended + "0\r\n\r\n") == malformed);
  CHECK(chunked("1;a=" + std::string(1000, 'b')) ==
        "431 a chunk's line, or the trailers, are too long");
  CHECK(chunked("0\r\nX: " + std::string(1000, 'b')) ==
        "431 a chunk's line, or the trailers, are too long");
  CHECK(chunked("0\r\nX: " + std::string(1000, 'b') + "\r\n\r\n") ==
        "431 a chunk's line, or the trailers, are too long");
  std::string trailers;
  for (int i = 0; i < 9; ++i) trailers += "T: x\r\n";
  CHECK(chunked("0\r\n" + trailers + "\r\n") == "431 there are too many trailers");
  // Trailers say nothing about the request.
  CHECK(chunked("0\r\nAuthorization: Bearer x\r\n\r\n") == "[]; end");
}

TEST_CASE("a request line is a method, a path and a version") {
  const std::string line = "400 the request line is not METHOD TARGET HTTP/1.1";
  for (const char* bytes :
       {"GET\r\n", "GET /\r\n", "GET  / HTTP/1.1\r\n", "GET / HTTP/1.1 \r\n",
        "GET / x HTTP/1.1\r\n", " GET / HTTP/1.1\r\n", "G(T / HTTP/1.1\r\n", "GET /\t HTTP/1.1\r\n",
        "GET / http/1.1\r\n", "GET / HTTP/1\r\n", "GET / HTTP/1.11\r\n", "GET /\x01 HTTP/1.1\r\n",
        "GET /\r HTTP/1.1\r\n", "GET \r\n", " \r\n", "GET  HTTP/1.1\r\n"}) {
    INFO(bytes);
    CHECK(Read(bytes) == line);
  }
  for (const char* bytes : {"GET / HTTP/1.2\r\n", "GET / HTTP/2.0\r\n", "GET / HTTP/0.9\r\n"}) {
    CHECK(Read(bytes) == "505 speak HTTP/1.1");
  }
  CHECK(Read(Samples()[11]) == "505 speak HTTP/1.1");
  for (const char* method : {"CONNECT", "TRACE", "AMETHODTHATISLONGERTHANANYTHATTHEREIS"}) {
    CHECK(Read(Concat(method, " / HTTP/1.1\r\n")) == "501 there is no such method here");
  }
  for (const char* target : {"http://a/", "*", "a", "?", "//a\\"}) {
    INFO(target);
    const std::string read = Read(Concat("GET ", target, " HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK((read == "400 the target does not begin with /") == (target[0] != '/'));
  }
  CHECK(Read("\r\n\r\nGET / HTTP/1.1\r\n") == "400 a request does not begin with empty lines");
  CHECK(Read(Get("") + "\r\n" + Get("")) == "GET / Host=a []; GET / Host=a []; end");
}

TEST_CASE("a request names one host") {
  CHECK(Read("GET / HTTP/1.1\r\n\r\n") == "400 give Host once");
  CHECK(Read("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n") == "400 give Host once");
  CHECK(Read("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == "400 give Host once");
  for (const char* host : {"a b", "a/b", "a@b", "a,b", "a?b", "a#b", "<a>", "\"a\"", "a\\b"}) {
    INFO(host);
    CHECK(Read(Concat("GET / HTTP/1.1\r\nHost: ", host, "\r\n\r\n")) == "400 Host is no host");
  }
  for (const char* host : {"", "a.example:7480", "[::1]:80", "192.0.2.1"}) {
    INFO(host);
    CHECK(Read(Concat("GET / HTTP/1.1\r\nHost: ", host, "\r\n\r\n")) ==
          Concat("GET / Host=", host, " []; end"));
  }
}

TEST_CASE("what is longer than the bounds is refused before it is kept") {
  const std::string target(200, 'x');
  CHECK(Read("GET /" + target.substr(1) + " HTTP/1.1\r\nHost: a\r\n\r\n").substr(0, 5) == "GET /");
  CHECK(Read("GET /" + target + " HTTP/1.1\r\n") == "414 the target is too long");
  CHECK(Read("GET /" + std::string(5000, 'x')) == "414 the target is too long");
  CHECK(Read(Get("X: " + std::string(5000, 'x') + "\r\n")) == "431 the headers are too long");
  CHECK(Read("GET / HTTP/1.1\r\nX: " + std::string(5000, 'x')) == "431 the headers are too long");
  std::string headers;
  for (int i = 0; i < 7; ++i) headers += "X: 1\r\n";
  CHECK(Read(Get(headers)).ends_with("X=1 []; end"));
  CHECK(Read(Get(headers + "X: 1\r\n")) == "431 there are too many headers");
  // A reader that is sent one request after the other keeps none of them.
  std::string many;
  for (int i = 0; i < 200; ++i) many += Get("");
  CHECK(Read(many).size() == 200 * std::string("GET / Host=a []; ").size() + 3);
}

TEST_CASE("a peer that waits to send a body is told to, once, or that it need not") {
  const std::string asks =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n";
  CHECK(Read(asks) == "100; body");
  CHECK(Read(asks + "hello", {asks.size()}) ==
        "100; POST / Host=a Content-Length=5 Expect=100-Continue [hello]; end");
  CHECK(Read(asks + "hello").find("100; ") == std::string::npos);
  CHECK(Read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: tea\r\n\r\n") ==
        "417 the only expectation is 100-continue");
  CHECK(Read("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n") ==
        "417 the only expectation is 100-continue");
  CHECK(Read("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n") ==
        "GET / Host=a Expect=100-continue []; end");
  CHECK(Read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\nExpect: 100-continue\r\n\r\n") ==
        "413 the body is too long");
  CHECK(Read("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n") == "body");
}

}  // namespace gusu::server
