// TLS of the HTTP server, beside plain connections on its port.
#include <openssl/pem.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "proto/text.h"
#include "server/net/http_server.h"
#include "server/tls_files.h"
#include "tests/server/http_peer.h"
#include "tests/server/http_server_scene.h"

namespace gusu::server {
namespace {

using test::HttpPeer;

// The same key, which asks for a password.
void LockKey(const std::string& path, const std::string& locked_path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(path.c_str(), "r"), fclose);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(locked_path.c_str(), "w"),
                                                            fclose);
  char password[] = "secret";
  REQUIRE(PEM_write_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(), password,
                                    sizeof password - 1, nullptr, nullptr) == 1);
}

}  // namespace

TEST_CASE("TLS and plain share the port, told apart by the first byte") {
  const Certificates certificates;
  const auto server = Serve(Echo, HttpServer::Limits(), certificates.tls());
  HttpPeer plain(server->port());
  HttpPeer tls(server->port(), true);
  REQUIRE(tls.connected());
  CHECK(tls.tls_version() == "TLSv1.3");
  CHECK(tls.tls_protocol() == "http/1.1");
  std::string together;
  for (int i = 0; i < 20; ++i) together += Get("/x");
  REQUIRE(tls.Send(together));
  REQUIRE(plain.Send(together));
  for (int i = 0; i < 20; ++i) CHECK(tls.Answer() == "200: GET /x tls from 127.0.0.1 []");
  for (int i = 0; i < 20; ++i) CHECK(plain.Answer() == "200: GET /x from 127.0.0.1 []");
  const std::string body(300'000, 'x');
  REQUIRE(tls.Send(Concat("POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ",
                          body.size(), "\r\n\r\n", body)));
  CHECK(tls.Answer() == Concat("200: POST /p tls from 127.0.0.1 [", body, "]"));
  CHECK(tls.Ends());
  HttpPeer wrong(server->port(), true);
  REQUIRE(wrong.Send("HELLO\r\n"));
  CHECK(wrong.Answer() == "400: the request line is not METHOD TARGET HTTP/1.1\n");
  HttpPeer noise(server->port());
  REQUIRE(
      noise.Send("\x16 this is no TLS, though it begins as such; it is long enough to be seen"));
  CHECK(noise.Receive(1000).find("HTTP") == std::string::npos);
  CHECK(noise.Ends());
}

TEST_CASE("without a certificate the port is plain, and TLS is turned away") {
  const auto server = Serve(Echo);
  CHECK_FALSE(HttpPeer(server->port(), true).connected());
  HttpPeer plain(server->port());
  REQUIRE(plain.Send(Get("/")));
  CHECK(plain.Answer().starts_with("200"));
}

TEST_CASE("a certificate that changes is shown to the next peer, and one that is broken is not") {
  Certificates certificates;
  const Certificates others;
  HttpServer::Limits limits;
  limits.check_interval = absl::Milliseconds(10);
  const auto server = Serve(Echo, limits, certificates.tls());
  const auto shown = [&server] { return HttpPeer(server->port(), true).certificate(); };
  const auto replace = [](const std::string& path, const std::string& from) {
    std::filesystem::copy_file(from, path + ".new");
    std::filesystem::rename(path + ".new", path);
  };
  const std::string first = shown();
  REQUIRE(!first.empty());
  HttpPeer before(server->port(), true);
  // First the certificate alone: with the old key it is none.
  replace(certificates.files.certificate_path, others.files.certificate_path);
  CHECK(shown() == first);
  replace(certificates.files.key_path, others.files.key_path);
  std::string second = first;
  for (int attempt = 0; attempt < 2000 && second == first; ++attempt) second = shown();
  CHECK(second != first);
  REQUIRE(before.Send(Get("/")));
  CHECK(before.Answer().starts_with("200"));
  std::filesystem::remove(certificates.files.key_path);
  CHECK(shown() == second);
}

TEST_CASE("files that are no certificate, or no key of it, are refused by name") {
  Certificates certificates;
  const Certificates others;
  const auto refused = [](const HttpServer::Tls& tls) {
    const auto server =
        HttpServer::Bind(FindAddress(kLoopback).value(), tls, Echo, HttpServer::Limits());
    CHECK(server.status().code() == absl::StatusCode::kFailedPrecondition);
    return std::string(server.status().message());
  };
  const std::string missing = certificates.directory.File("missing");
  CHECK(refused({missing, certificates.files.key_path}).starts_with("cannot use " + missing));
  CHECK(refused({certificates.files.certificate_path, others.files.key_path})
            .starts_with("cannot use " + others.files.key_path));
  // Nobody is asked for the password.
  const std::string locked = certificates.directory.File("locked.key");
  LockKey(certificates.files.key_path, locked);
  CHECK(refused({certificates.files.certificate_path, locked}).starts_with("cannot use " + locked));
}

}  // namespace gusu::server
