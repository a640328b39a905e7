// HTTP servers with real sockets for tests: what they answer with, and what peers send.
#pragma once

#include <catch2/catch.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/text.h"
#include "server/net/http_server.h"
#include "server/tls_files.h"
#include "tests/temporary_directory.h"

namespace gusu::server {

inline const ListenAddress kLoopback{"127.0.0.1", 0};

// `GET /x tls HEADER=VALUE… [body]`.
inline void Echo(HttpRequest request, const HttpReply& reply) {
  HttpResponse response;
  response.body = Concat(request.method, " ", request.target, request.tls ? " tls" : "", " from ",
                         request.peer, " [", request.body, "]");
  reply(std::move(response));
}

inline std::unique_ptr<HttpServer> Serve(const HttpServer::Handle& handle,
                                         const HttpServer::Limits& limits = HttpServer::Limits(),
                                         const std::optional<HttpServer::Tls>& tls = std::nullopt,
                                         const HttpServer::Refused& refused = nullptr) {
  auto server = HttpServer::Bind(FindAddress(kLoopback).value(), tls, handle, limits, refused);
  INFO(server.status());
  REQUIRE(server.ok());
  (*server)->Run(2);
  return *std::move(server);
}

inline std::string Get(std::string_view target, std::string_view headers = "") {
  return Concat("GET ", target, " HTTP/1.1\r\nHost: a\r\n", headers, "\r\n");
}

// Replies that wait until a case has seen them.
struct Waiting {
  HttpServer::Handle Handle() {
    return [this](HttpRequest request, HttpReply reply) {
      const std::lock_guard lock(mutex);
      requests.push_back(std::move(request));
      replies.push_back(std::move(reply));
      changed.notify_all();
    };
  }
  HttpReply At(size_t index) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return replies.size() > index; });
    return replies[index];
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<HttpRequest> requests;
  std::vector<HttpReply> replies;
};

inline HttpResponse Text(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

// A certificate of its own, and what it is made again with.
struct Certificates {
  TemporaryDirectory directory;
  TlsFiles files = EnsureTlsFiles(directory.File(""), {"localhost"}, absl::Now()).value();
  HttpServer::Tls tls() const { return {files.certificate_path, files.key_path}; }
};

}  // namespace gusu::server
