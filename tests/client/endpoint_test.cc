// What a connection accepts as options.
#include "client/connection/endpoint.h"

#include <catch2/catch.hpp>

#include "tests/temporary_directory.h"

namespace gusu::test {
namespace {

std::string FaultyOption(const ClientOptions& options) {
  const Status status = CheckOptions(options);
  if (status.ok()) return "";
  CHECK(status.reason == kReasonOptionsInvalid);
  return status.metadata.at("option");
}

TEST_CASE("plaintext is spoken on loopback only") {
  ClientOptions options;
  options.plaintext = true;
  for (const char* loopback :
       {"127.0.0.1:7440", "127.9.9.9:1", "localhost:7440", "[::1]:7440", "unix:/run/gusu"}) {
    options.server = loopback;
    CHECK(FaultyOption(options) == "");
  }
  for (const char* other : {"10.0.0.1:7440", "localhost.example:1", "registry:7440",
                            "127.example.com:7440", "[::2]:7440"}) {
    options.server = other;
    INFO(other);
    CHECK(FaultyOption(options) == "plaintext");
  }
}

TEST_CASE("a token file gives its first line; a bad token's text stays out of the error") {
  TemporaryDirectory directory;
  ClientOptions options;
  options.token_file = directory.Write("token", "gusu_abc\nsecond line\n");
  CHECK(ReadEndpoint(options)->bearer == "gusu_abc");
  options.token_file = directory.Write("token", "\n");
  CHECK(FaultyOption(options) == "token_file");
  options.token_file = directory.File("none");
  CHECK(FaultyOption(options) == "token_file");
  options.token_file.clear();
  options.token = "with space";
  CHECK(FaultyOption(options) == "token");
  CHECK_THAT(CheckOptions(options).ToString(), !Catch::Contains("with space"));
}

TEST_CASE("each option is checked by name") {
  TemporaryDirectory directory;
  ClientOptions options;
  options.server = "registry";
  CHECK(FaultyOption(options) == "server");
  options = {};
  options.ca_file = directory.Write("ca.pem", "no certificate");
  CHECK(FaultyOption(options) == "ca_file");
  options.ca_pem = "-----BEGIN CERTIFICATE-----";
  CHECK(FaultyOption(options) == "ca_file");
  options = {};
  options.deadline = std::chrono::milliseconds(0);
  CHECK(FaultyOption(options) == "deadline");
  options = {};
  options.retry.attempts_max = 0;
  CHECK(FaultyOption(options) == "retry.attempts_max");
  options = {};
  options.connections = 65;
  CHECK(FaultyOption(options) == "connections");
  CHECK(FaultyOption(ClientOptions{}) == "");
}

}  // namespace
}  // namespace gusu::test
