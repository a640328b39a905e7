// The installed package: what a user does with it, played against a server.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "tests/e2e/api.h"
#include "tests/temporary_directory.h"

namespace gusu::test {
namespace {

struct Ran {
  int exit_code;
  std::string output;  // standard output and error
};

Ran Run(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  Ran ran;
  char buffer[4096];
  for (size_t size; (size = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    ran.output.append(buffer, size);
  }
  ran.exit_code = WEXITSTATUS(::pclose(pipe));
  return ran;
}

std::string Quoted(const std::string& text) { return "'" + text + "'"; }

TEST_CASE("the examples build and run against the installed package, and nothing else of ours") {
  TemporaryDirectory directory;
  const std::string prefix = directory.File("prefix");
  const Ran installed = Run(Quoted(CMAKE_PATH) + " --install " + Quoted(BUILD_DIRECTORY) +
                            " --component client --prefix " + Quoted(prefix));
  INFO(installed.output);
  REQUIRE(installed.exit_code == 0);

  const std::string build = directory.File("build");
  const Ran built = Run(
      Quoted(CMAKE_PATH) + " -S " +
      Quoted(std::string(EXAMPLES_DIRECTORY) + "/register_and_resolve") + " -B " + Quoted(build) +
      " -DCMAKE_PREFIX_PATH=" + Quoted(prefix) + " -DCMAKE_CXX_COMPILER=" + Quoted(CXX_PATH) +
      " -DCMAKE_CXX_STANDARD=17 -DCMAKE_CXX_FLAGS='-Wall -Wextra -Wpedantic -Werror' && " +
      Quoted(CMAKE_PATH) + " --build " + Quoted(build));
  INFO(built.output);
  REQUIRE(built.exit_code == 0);

  e2e::ServerProcess server;
  const e2e::Enterprise enterprise =
      e2e::MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  const std::string ca = directory.Write("ca.pem", server.ca());
  const std::string token = directory.Write("token", enterprise.writer_token + "\n");
  const std::string register_hp_1 = Quoted(build + "/register_and_resolve") + " " +
                                    server.address() + " " + ca + " " + token +
                                    " 88.118.8/HP-1 Pump";
  const Ran first = Run(register_hp_1);
  CHECK_THAT(first.output, Catch::StartsWith("88.118.8/HP-1 CREATED\n"));
  CHECK_THAT(first.output, Catch::Contains("name=Pump\n"));
  CHECK(first.exit_code == 0);
  CHECK_THAT(Run(register_hp_1).output, Catch::StartsWith("88.118.8/HP-1 UNCHANGED\n"));

  const std::string library =
      Run("find " + Quoted(prefix) + " -name 'libgusu_client.so.0' | tr -d '\\n'").output;
  const std::string resolve =
      Quoted(PYTHON_PATH) + " " + Quoted(std::string(EXAMPLES_DIRECTORY) + "/resolve.py") +
      " --library " + Quoted(library) + " --ca " + Quoted(ca) + " " + server.address();
  const Ran resolved = Run(resolve + " 88.118.8/hp-1 88.118.8/none");
  CHECK_THAT(resolved.output, Catch::StartsWith("88.118.8/hp-1 ACTIVE name=Pump"));
  CHECK_THAT(resolved.output, Catch::EndsWith("\n88.118.8/none IDENTIFIER_NOT_FOUND\n"));
  CHECK(resolved.exit_code == 1);
  CHECK(Run(resolve + " 88.118.8/HP-1").exit_code == 0);
}

}  // namespace
}  // namespace gusu::test
