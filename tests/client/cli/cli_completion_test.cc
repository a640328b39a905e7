#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "client/cli/completion.h"
#include "client/cli/program.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

// What bash offers for a line whose last word is being typed.
std::string Completed(const std::string& script_path, const std::string& words) {
  const std::string command = "bash -c 'source " + script_path + "; COMP_WORDS=(" + words +
                              "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _gusu; "
                              "echo \"${COMPREPLY[*]}\"' 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    output.push_back(static_cast<char>(c));
  }
  CHECK(pclose(pipe) == 0);
  return output;
}

TEST_CASE("bash completes commands, their commands and their options") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/gusu.bash";
  const Program program;
  std::ofstream(path) << BashCompletion(program.app);
  CHECK(Completed(path, "gusu re") == "registrant register resolve reinstate retire\n");
  CHECK(Completed(path, "gusu registrant a") == "apply approve activate\n");
  CHECK(Completed(path, "gusu registrant re") == "return reject revoke-designation\n");
  CHECK(Completed(path, "gusu template p") == "publish\n");
  CHECK(Completed(path, "gusu grant create --to") == "--to --to-group --to-code --token-file\n");
  CHECK(Completed(path, "gusu --json prefix g") == "grant\n");
  CHECK(Completed(path, "gusu resolve --as") == "--as-of --as\n");
  CHECK(Completed(path, "gusu register 88.118.8/HP-1 --mi") == "--mint\n");
  CHECK(Completed(path, "gusu retire --successor x") == "\n");
}

TEST_CASE("zsh gets every command with its description") {
  const Program program;
  const std::string script = ZshCompletion(program.app);
  CHECK(script.starts_with("#compdef gusu\n"));
  for (const CLI::App* command :
       program.app.get_subcommands([](const CLI::App*) { return true; })) {
    CAPTURE(command->get_name());
    CHECK(script.find("'" + command->get_name() + ":") != std::string::npos);
    CHECK(script.find("\"gusu " + command->get_name() + "\")") != std::string::npos);
  }
}

}  // namespace
}  // namespace gusu::cli
