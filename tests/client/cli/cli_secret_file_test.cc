#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "client/cli/secret_file.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a claim is made once, for its owner's eyes, and found again") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/sz-pumps.claim";
  const auto made = ReadOrMakeSecret(path, SecretKind::kClaim, "registrants/sz-pumps");
  REQUIRE(made.ok());
  CHECK_FALSE(made->reused);
  CHECK(made->text.starts_with("gusu_claim_"));
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  const auto again = ReadOrMakeSecret(path, SecretKind::kClaim, "registrants/sz-pumps");
  REQUIRE(again.ok());
  CHECK(again->reused);
  CHECK(again->text == made->text);
  const auto read = ReadSecret(path);
  REQUIRE(read.ok());
  CHECK(read->text == made->text);
  CHECK(read->subject == "registrants/sz-pumps");
  CHECK(std::distance(fs::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("a file of another kind or for another is left alone") {
  const TemporaryDirectory directory;
  const std::string claim = directory.path() + "/claim";
  REQUIRE(ReadOrMakeSecret(claim, SecretKind::kClaim, "registrants/a").ok());
  CHECK_FALSE(ReadOrMakeSecret(claim, SecretKind::kClaim, "registrants/b").ok());
  CHECK_FALSE(ReadOrMakeSecret(claim, SecretKind::kToken, "").ok());
  const std::string token = directory.path() + "/token";
  REQUIRE(ReadOrMakeSecret(token, SecretKind::kToken, "").ok());
  CHECK_FALSE(ReadOrMakeSecret(token, SecretKind::kClaim, "registrants/a").ok());
  CHECK(ReadSecret(token)->subject.empty());
}

TEST_CASE("a secret that others can read is not used for a new credential") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/token";
  REQUIRE(ReadOrMakeSecret(path, SecretKind::kToken, "").ok());
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  const auto secret = ReadOrMakeSecret(path, SecretKind::kToken, "");
  REQUIRE_FALSE(secret.ok());
  CHECK(secret.failure().hint == "chmod 600 " + path);
}

TEST_CASE("what is no secret is not sent as one") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/file";
  for (const std::string content : {"", "\n", "two words and more", "line\x01", "a b c"}) {
    CAPTURE(content);
    std::ofstream(path, std::ios::trunc) << content;
    CHECK_FALSE(ReadSecret(path).ok());
  }
  CHECK_FALSE(ReadSecret(directory.path() + "/none").ok());
  CHECK_FALSE(ReadOrMakeSecret(directory.path() + "/no/dir", SecretKind::kToken, "").ok());
}

TEST_CASE("a Handle secret is made once, kept private, used again, and never overwritten") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/secret";
  const auto made = ReadOrMakeHandleSecret(path);
  REQUIRE(made.ok());
  CHECK_FALSE(made->reused);
  CHECK(made->text.size() == 64);
  CHECK(made->text.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  const auto again = ReadOrMakeHandleSecret(path);
  REQUIRE(again.ok());
  CHECK(again->reused);
  CHECK(again->text == made->text);
  for (const std::string& content :
       {std::string(), std::string(15, 's'), std::string(256, 's'), std::string("two words of it"),
        std::string("line number one\nline number two\n")}) {
    CAPTURE(content);
    std::ofstream(path, std::ios::trunc) << content;
    CHECK_FALSE(ReadOrMakeHandleSecret(path).ok());
  }
  std::ofstream(path, std::ios::trunc) << "secret-like-text-of-one-word"
                                       << "\r\n";
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  CHECK_FALSE(ReadOrMakeHandleSecret(path).ok());
}

TEST_CASE("a private file that exists is never overwritten") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/key";
  CHECK_FALSE(CreatePrivateFile(path, "first").has_value());
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(CreatePrivateFile(path, "second").has_value());
  std::ifstream file(path);
  std::string content;
  file >> content;
  CHECK(content == "first");
  CHECK(CreatePrivateFile(directory.path() + "/none/key", "x").has_value());
}

}  // namespace
}  // namespace gusu::cli
