#include "server/data_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/private_file.h"
#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::string Content(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST_CASE("a new data directory and all in it are the server's user's alone") {
  const TemporaryDirectory parent;
  const auto directory = DataDirectory::Open(parent.File("data"));
  REQUIRE(directory.ok());
  REQUIRE(directory->ReadOrMakeToken().ok());
  REQUIRE(directory->WriteGrpcAddress("127.0.0.1:1").ok());
  CHECK(ModeOf(directory->path()) == 0700);
  CHECK(ModeOf(directory->store_path()) == 0700);
  CHECK(ModeOf(directory->tls_path()) == 0700);
  CHECK(ModeOf(directory->token_path()) == 0600);
  CHECK(ModeOf(directory->grpc_address_path()) == 0600);
  CHECK(ModeOf(parent.File("data/lock")) == 0600);
}

TEST_CASE("a data directory is used by one server at a time") {
  const TemporaryDirectory parent;
  {
    const auto first = DataDirectory::Open(parent.path());
    REQUIRE(first.ok());
    const auto second = DataDirectory::Open(parent.path());
    CHECK(second.status() == absl::UnavailableError("data directory " + parent.path() +
                                                    " is used by another server, process " +
                                                    std::to_string(getpid())));
  }
  CHECK(DataDirectory::Open(parent.path()).ok());
}

TEST_CASE("the token is made once and read from then on") {
  const TemporaryDirectory parent;
  const auto directory = DataDirectory::Open(parent.path());
  REQUIRE(directory.ok());
  const auto token = directory->ReadOrMakeToken();
  REQUIRE(token.ok());
  CHECK(token->rfind("gusu_", 0) == 0);
  CHECK(Content(directory->token_path()) == *token + "\n");
  CHECK(directory->ReadOrMakeToken().value() == *token);
}

TEST_CASE("a start that was interrupted at any step is completed by the next") {
  const TemporaryDirectory parent;
  const std::string path = parent.File("data");
  std::string token;
  SECTION("nothing was made") {}
  SECTION("after the directory") { std::filesystem::create_directory(path); }
  SECTION("after the lock") {
    std::filesystem::create_directory(path);
    std::ofstream(path + "/lock") << "1\n";
  }
  SECTION("after the store's directory") { std::filesystem::create_directories(path + "/db"); }
  SECTION("while the token was being written") {
    std::filesystem::create_directories(path);
    std::ofstream(path + "/bureau-admin.token.new") << "gusu_ha";
  }
  SECTION("after the token") {
    std::filesystem::create_directories(path);
    token = "gusu_" + std::string(43, 'A');
    std::ofstream(path + "/bureau-admin.token") << token << "\n";
  }
  SECTION("after the address") {
    std::filesystem::create_directories(path);
    std::ofstream(path + "/grpc.address") << "127.0.0.1:1\n";
    std::ofstream(path + "/handle.address") << "127.0.0.1:2\n";
    std::ofstream(path + "/http.address") << "127.0.0.1:3\n";
  }
  const auto directory = DataDirectory::Open(path);
  REQUIRE(directory.ok());
  CHECK_FALSE(std::filesystem::exists(directory->grpc_address_path()));
  CHECK_FALSE(std::filesystem::exists(directory->handle_address_path()));
  CHECK_FALSE(std::filesystem::exists(directory->http_address_path()));
  CHECK(std::filesystem::is_directory(directory->store_path()));
  CHECK(std::filesystem::is_directory(directory->tls_path()));
  const auto found = directory->ReadOrMakeToken();
  REQUIRE(found.ok());
  if (!token.empty()) CHECK(*found == token);
  CHECK(Content(directory->token_path()) == *found + "\n");
  CHECK_FALSE(std::filesystem::exists(directory->token_path() + ".new"));
}

TEST_CASE("a token file that holds no token is never overwritten") {
  const TemporaryDirectory parent;
  const auto directory = DataDirectory::Open(parent.path());
  REQUIRE(directory.ok());
  std::ofstream(directory->token_path()) << "something of the operator's\n";
  const auto token = directory->ReadOrMakeToken();
  CHECK(token.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(std::string(token.status().message()), Catch::Contains(directory->token_path()));
  CHECK(Content(directory->token_path()) == "something of the operator's\n");
}

TEST_CASE("a path that cannot be a data directory is refused with its name") {
  const TemporaryDirectory parent;
  std::ofstream(parent.File("file")) << "x";
  CHECK(DataDirectory::Open(parent.File("file")).status() ==
        absl::FailedPreconditionError(parent.File("file") + " is not a directory"));
  CHECK(DataDirectory::Open(parent.File("a/b")).status() ==
        absl::NotFoundError("cannot make directory " + parent.File("a/b") +
                            ": No such file or directory"));
}

TEST_CASE("a temporary data directory goes with its server") {
  std::string path;
  {
    const auto directory = DataDirectory::OpenTemporary();
    REQUIRE(directory.ok());
    path = directory->path();
    CHECK(ModeOf(path) == 0700);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a private file is replaced whole, with mode 0600 whatever was there") {
  const TemporaryDirectory parent;
  const std::string path = parent.File("secret");
  std::ofstream(path) << "old";
  REQUIRE(chmod(path.c_str(), 0644) == 0);
  REQUIRE(WritePrivateFile(path, "new").ok());
  CHECK(ModeOf(path) == 0600);
  CHECK(ReadPrivateFile(path).value() == "new");
  REQUIRE(RemovePrivateFile(path).ok());
  REQUIRE(RemovePrivateFile(path).ok());
  CHECK(absl::IsNotFound(ReadPrivateFile(path).status()));
}

}  // namespace
}  // namespace gusu::server
