// How a server starts, what it shows of itself, and how a start fails.
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

// SHA-256 of the certificate that a new connection is shown, and how many stand in its chain.
struct Shown {
  std::string fingerprint;
  int chain_certificates = 0;
};
Shown ShownCertificate(const std::string& address) {
  Shown shown;
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  BIO* connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, address.c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(connection, &ssl);
  const unsigned char h2[] = {2, 'h', '2'};
  SSL_set_alpn_protos(ssl, h2, sizeof h2);
  if (BIO_do_handshake(connection) == 1) {
    unsigned char digest[32];
    unsigned int size = 0;
    X509* certificate = SSL_get1_peer_certificate(ssl);
    X509_digest(certificate, EVP_sha256(), digest, &size);
    X509_free(certificate);
    shown.fingerprint.assign(reinterpret_cast<char*>(digest), size);
    shown.chain_certificates = sk_X509_num(SSL_get_peer_cert_chain(ssl));
  }
  BIO_free_all(connection);
  SSL_CTX_free(context);
  return shown;
}

TEST_CASE("a first start makes what it needs, says where it is, and shows its CA in the chain") {
  ServerProcess server;
  struct stat token {};
  REQUIRE(stat((server.data() + "/bureau-admin.token").c_str(), &token) == 0);
  CHECK((token.st_mode & 07777) == 0600);
  CHECK(ShownCertificate(server.address()).chain_certificates == 2);
  const std::string log = server.log();
  for (const std::string& part :
       {"address=" + server.address(), "data=" + server.data(),
        "ca=" + server.data() + "/tls/ca.crt", "token=" + server.data() + "/bureau-admin.token"}) {
    CHECK_THAT(log, Catch::Contains(part));
  }
  CHECK_THAT(log, !Catch::Contains(server.token()));
}

// The answer's bytes for a service's name: grpc.health.v1 has one field each way, number 1.
std::string Health(const Api& api, const std::string& service) {
  const grpc::Slice request_bytes("\x0a" + std::string(1, static_cast<char>(service.size())) +
                                  service);
  const grpc::ByteBuffer request(&request_bytes, 1);
  grpc::ByteBuffer response;
  const auto context = api.NewContext();
  const grpc::internal::RpcMethod method("/grpc.health.v1.Health/Check",
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status =
      grpc::internal::BlockingUnaryCallImpl<grpc::ByteBuffer, grpc::ByteBuffer>(
          api.channel().get(), method, context.get(), request, &response)
          .status();
  grpc::Slice answer;
  if (!status.ok() || !response.DumpToSingleSlice(&answer).ok()) return FaultOf(status);
  return std::string(reinterpret_cast<const char*>(answer.begin()), answer.size());
}

TEST_CASE("the health service tells of every service that it is serving") {
  ServerProcess server({"--engine", "memory"});
  const Api api(server, "");
  const std::string serving = "\x08\x01";
  for (const char* service :
       {"", "gusu.v1.RegistrarService", "gusu.v1.RegistryService", "gusu.v1.ResolverService"}) {
    CHECK(Health(api, service) == serving);
  }
  CHECK(Health(api, "gusu.v1.Other") == "NOT_FOUND ");
}

TEST_CASE("a client that does not know the CA, or speaks plaintext, gets nothing") {
  ServerProcess server;
  ServerProcess other({"--engine", "memory"});
  const Api wrong_ca(server.address(), other.ca(), "");
  CHECK(wrong_ca.Resolve("88.118.8/X").status.error_code() == grpc::UNAVAILABLE);
  const auto plain = v1::ResolverService::NewStub(
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::ResolveRequest request;
  v1::ResolveResponse response;
  CHECK(plain->Resolve(&context, request, &response).error_code() == grpc::UNAVAILABLE);
}

TEST_CASE("with --tls off the door speaks plaintext on loopback") {
  ServerProcess server({"--tls", "off", "--engine", "memory"});
  const auto plain = v1::ResolverService::NewStub(
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/X");
  v1::ResolveResponse response;
  CHECK(FaultOf(plain->Resolve(&context, request, &response)) == "NOT_FOUND PREFIX_NOT_FOUND");
}

TEST_CASE("a certificate that is replaced is shown to new connections without a restart") {
  const TemporaryDirectory own;
  // The certificates of two other servers, as an operator's own.
  const auto take = [&] {
    ServerProcess maker({"--engine", "memory"});
    for (const char* name : {"server.crt", "server.key"}) {
      std::ofstream(own.File(name)) << ReadWholeFile(maker.data() + "/tls/" + name);
    }
    return maker.ca();
  };
  const std::string first_ca = take();
  ServerProcess server({"--engine", "memory", "--tls-cert", own.File("server.crt"), "--tls-key",
                        own.File("server.key")});
  const std::string before = ShownCertificate(server.address()).fingerprint;
  CHECK(Api(server.address(), first_ca, "").Resolve("88.118.8/X").fault ==
        "NOT_FOUND PREFIX_NOT_FOUND");
  const std::string second_ca = take();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (ShownCertificate(server.address()).fingerprint == before &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(Api(server.address(), second_ca, "").Resolve("88.118.8/X").fault ==
        "NOT_FOUND PREFIX_NOT_FOUND");
  CHECK(Api(server.address(), first_ca, "").Resolve("88.118.8/X").status.error_code() ==
        grpc::UNAVAILABLE);
}

TEST_CASE("a start that cannot succeed says why in one line and exits with its own code") {
  ServerProcess server({"--engine", "memory"});
  const TemporaryDirectory directory;
  const auto last_line = [](const Ended& ended) {
    const std::string text = ended.standard_error.substr(0, ended.standard_error.size() - 1);
    return text.substr(text.rfind('\n') + 1);
  };

  Ended ended = RunServer({"--data", directory.File("d"), "--grpc", server.address(), "--handle",
                           "off", "--http", "off"});
  CHECK(ended.exit_code == 4);
  CHECK_THAT(last_line(ended),
             Catch::Contains("cannot listen on " + server.address() + ": Address already in use"));
  const std::string handle = server.handle_address();
  ended = RunServer({"--data", directory.File("d"), "--grpc", "127.0.0.1:0", "--handle", handle,
                     "--http", "off"});
  CHECK(ended.exit_code == 4);
  CHECK_THAT(last_line(ended), Catch::Contains("port " + handle.substr(handle.find(':') + 1)));
  CHECK_THAT(last_line(ended), Catch::Contains("(TCP): Address already in use; --handle gives"));
  const std::string http = server.http_address();
  ended = RunServer(
      {"--data", directory.File("d"), "--grpc", "127.0.0.1:0", "--handle", "off", "--http", http});
  CHECK(ended.exit_code == 4);
  CHECK_THAT(last_line(ended), Catch::Contains("(TCP): Address already in use; --http gives"));
  ended = RunServer(
      {"--data", server.data(), "--grpc", "127.0.0.1:0", "--handle", "off", "--http", "off"});
  CHECK(ended.exit_code == 3);
  CHECK_THAT(last_line(ended),
             Catch::Contains("is used by another server, process " + std::to_string(server.pid())));
  ended = RunServer(
      {"--data", "/proc/gusu", "--grpc", "127.0.0.1:0", "--handle", "off", "--http", "off"});
  CHECK(ended.exit_code == 3);
  CHECK_THAT(last_line(ended), Catch::Contains("cannot make directory /proc/gusu"));
  ended = RunServer({"--grpc", "127.0.0.1:0"});
  CHECK(ended.exit_code == 2);
  CHECK(ended.standard_error == "gusud: data is missing: give --data DIR\n");
}

TEST_CASE("what the first start stored cannot be given otherwise later") {
  ServerProcess server({"--node-prefix", "88.118"});
  CHECK(server.Stop() == 0);
  const Ended ended = RunServer({"--data", server.data(), "--grpc", "127.0.0.1:0", "--handle",
                                 "off", "--http", "off", "--node-prefix", "88.119"});
  CHECK(ended.exit_code == 2);
  CHECK_THAT(ended.standard_error, Catch::Contains("node-prefix"));
  server.Start();
}

TEST_CASE("--check says whether the configuration is valid, and makes nothing") {
  const TemporaryDirectory directory;
  const Ended good = RunServer({"--data", directory.File("d"), "--check"});
  CHECK(good.exit_code == 0);
  CHECK(good.standard_output == "configuration is valid\n");
  CHECK_FALSE(std::filesystem::exists(directory.File("d")));
  CHECK(RunServer({"--data", directory.File("d"), "--check", "--grpc", "x"}).exit_code == 2);
  CHECK(RunServer({"--version"}).standard_output == "gusud 0.1.0\n");
}

}  // namespace
}  // namespace gusu::e2e
