#include "server/tls_files.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

const absl::Time kNow =
    absl::FromCivil(absl::CivilSecond(2026, 1, 31, 8, 0, 0), absl::UTCTimeZone());
const std::vector<std::string> kNames = {"localhost", "127.0.0.1", "::1", "registry.example.org"};

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeCertificate>;

std::vector<Certificate> ReadChain(const std::string& path) {
  std::vector<Certificate> chain;
  FILE* file = fopen(path.c_str(), "r");
  REQUIRE(file != nullptr);
  while (X509* certificate = PEM_read_X509(file, nullptr, nullptr, nullptr)) {
    chain.emplace_back(certificate);
  }
  fclose(file);
  return chain;
}

std::string Content(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Whether a client that trusts `ca` accepts `server` as `name` at `when`.
bool IsAccepted(X509* server, X509* ca, const std::string& name, absl::Time when) {
  X509_STORE* store = X509_STORE_new();
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_add_cert(store, ca);
  X509_STORE_CTX_init(context, store, server, nullptr);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(parameters, absl::ToTimeT(when));
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), 0);
  }
  const bool accepted = X509_verify_cert(context) == 1;
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  return accepted;
}

TEST_CASE("a client that trusts the CA accepts the server by every name, for 397 days") {
  const TemporaryDirectory directory;
  const auto files = EnsureTlsFiles(directory.path(), kNames, kNow);
  REQUIRE(files.ok());
  CHECK(files->renewed);
  CHECK(files->expire_time == kNow + absl::Hours(397 * 24));
  CHECK(files->ca_fingerprint.size() == 64);
  const auto chain = ReadChain(files->certificate_path);
  const auto ca = ReadChain(files->ca_path);
  REQUIRE(chain.size() == 2);
  REQUIRE(ca.size() == 1);
  CHECK(X509_cmp(chain[1].get(), ca[0].get()) == 0);
  for (const std::string& name : kNames) {
    CHECK(IsAccepted(chain[0].get(), ca[0].get(), name, kNow));
    CHECK(IsAccepted(chain[0].get(), ca[0].get(), name, kNow + absl::Hours(396 * 24)));
    CHECK_FALSE(IsAccepted(chain[0].get(), ca[0].get(), name, kNow + absl::Hours(398 * 24)));
  }
  CHECK_FALSE(IsAccepted(chain[0].get(), ca[0].get(), "other.example.org", kNow));
  CHECK(EVP_PKEY_get_base_id(X509_get0_pubkey(chain[0].get())) == EVP_PKEY_EC);
  CHECK(X509_check_ca(chain[0].get()) == 0);
  CHECK(X509_check_ca(ca[0].get()) == 1);
}

TEST_CASE("keys and certificates are the server's user's alone") {
  const TemporaryDirectory directory;
  REQUIRE(EnsureTlsFiles(directory.path(), kNames, kNow).ok());
  for (const char* name : {"ca.key", "ca.crt", "server.key", "server.crt"}) {
    struct stat status {};
    REQUIRE(stat(directory.File(name).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
  }
}

TEST_CASE(
    "what is there is kept until 30 days before its end, and then renewed under the same CA") {
  const TemporaryDirectory directory;
  const auto first = EnsureTlsFiles(directory.path(), kNames, kNow);
  REQUIRE(first.ok());
  const std::string key = Content(first->key_path);
  const std::string certificate = Content(first->certificate_path);

  const auto kept = EnsureTlsFiles(directory.path(), kNames, kNow + absl::Hours(366 * 24));
  REQUIRE(kept.ok());
  CHECK_FALSE(kept->renewed);
  CHECK(Content(first->certificate_path) == certificate);

  const absl::Time later = kNow + absl::Hours(368 * 24);
  const auto renewed = EnsureTlsFiles(directory.path(), kNames, later);
  REQUIRE(renewed.ok());
  CHECK(renewed->renewed);
  CHECK(renewed->expire_time == later + absl::Hours(397 * 24));
  CHECK(renewed->ca_fingerprint == first->ca_fingerprint);
  CHECK(Content(first->key_path) == key);
  CHECK(IsAccepted(ReadChain(renewed->certificate_path)[0].get(),
                   ReadChain(renewed->ca_path)[0].get(), "localhost", later));
}

TEST_CASE("a further name makes a new certificate, and one name less does not") {
  const TemporaryDirectory directory;
  REQUIRE(EnsureTlsFiles(directory.path(), {"localhost"}, kNow).ok());
  const auto more =
      EnsureTlsFiles(directory.path(), {"localhost", "192.0.2.7", "*.example.org"}, kNow);
  REQUIRE(more.ok());
  CHECK(more->renewed);
  const auto again =
      EnsureTlsFiles(directory.path(), {"localhost", "192.0.2.7", "*.example.org"}, kNow);
  REQUIRE(again.ok());
  CHECK_FALSE(again->renewed);
  CHECK_FALSE(EnsureTlsFiles(directory.path(), {"localhost"}, kNow)->renewed);
}

TEST_CASE("a first start that was interrupted after any file is completed by the next") {
  const TemporaryDirectory directory;
  const auto first = EnsureTlsFiles(directory.path(), kNames, kNow);
  REQUIRE(first.ok());
  const std::string ca_key = Content(directory.File("ca.key"));
  const char* const files[] = {"ca.key", "ca.crt", "server.key", "server.crt"};
  const int made = GENERATE(0, 1, 2, 3);
  for (int i = made; i < 4; ++i) std::filesystem::remove(directory.File(files[i]));

  const auto second = EnsureTlsFiles(directory.path(), kNames, kNow);
  REQUIRE(second.ok());
  CHECK(second->renewed);
  CHECK((Content(directory.File("ca.key")) == ca_key) == (made > 0));
  CHECK((second->ca_fingerprint == first->ca_fingerprint) == (made > 1));
  CHECK(IsAccepted(ReadChain(second->certificate_path)[0].get(),
                   ReadChain(second->ca_path)[0].get(), "127.0.0.1", kNow));
}

TEST_CASE("without the CA's key the server goes on until it must renew, and then says what to do") {
  const TemporaryDirectory directory;
  REQUIRE(EnsureTlsFiles(directory.path(), kNames, kNow).ok());
  std::filesystem::remove(directory.File("ca.key"));
  CHECK(EnsureTlsFiles(directory.path(), kNames, kNow + absl::Hours(24)).ok());
  const auto late = EnsureTlsFiles(directory.path(), kNames, kNow + absl::Hours(380 * 24));
  CHECK(late.status() ==
        absl::FailedPreconditionError(
            directory.File("server.crt") + " must be renewed, and " + directory.File("ca.key") +
            " is missing: put it back, or remove ca.crt to begin with a new CA"));
}

TEST_CASE("a damaged file is named and left alone") {
  const TemporaryDirectory directory;
  REQUIRE(EnsureTlsFiles(directory.path(), kNames, kNow).ok());
  const std::string name = GENERATE("ca.key", "ca.crt", "server.key", "server.crt");
  std::ofstream(directory.File(name)) << "not PEM\n";
  const auto files = EnsureTlsFiles(directory.path(), kNames, kNow);
  CHECK(files.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(std::string(files.status().message()), Catch::Contains(directory.File(name)));
  CHECK(Content(directory.File(name)) == "not PEM\n");
}

TEST_CASE("the operator's own pair is checked: readable, belonging together, not expired") {
  const TemporaryDirectory own;
  const TemporaryDirectory other;
  REQUIRE(EnsureTlsFiles(own.path(), kNames, kNow).ok());
  REQUIRE(EnsureTlsFiles(other.path(), kNames, kNow).ok());
  const std::string certificate = own.File("server.crt");
  const auto good = CheckTlsFiles(certificate, own.File("server.key"), kNow);
  REQUIRE(good.ok());
  CHECK(good->certificate_path == certificate);
  CHECK(good->ca_path.empty());
  CHECK_THAT(
      std::string(CheckTlsFiles(certificate, other.File("server.key"), kNow).status().message()),
      Catch::StartsWith(other.File("server.key") + " is not the key of " + certificate));
  CHECK_THAT(
      std::string(CheckTlsFiles(certificate, own.File("server.key"), kNow + absl::Hours(9600))
                      .status()
                      .message()),
      Catch::StartsWith(certificate + " expired on "));
  CHECK_FALSE(CheckTlsFiles(own.File("missing"), own.File("server.key"), kNow).ok());
}

}  // namespace
}  // namespace gusu::server
