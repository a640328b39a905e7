#include <catch2/catch.hpp>
#include <functional>
#include <sstream>

#include "client/cli/program.h"

namespace gusu::cli {
namespace {

struct Ran {
  int exit_code;
  std::string out;
  std::string err;
};

Ran Run(std::vector<const char*> words) {
  words.insert(words.begin(), "gusu");
  std::ostringstream out, err;
  const int exit_code = RunProgram(static_cast<int>(words.size()), words.data(), out, err);
  return {exit_code, out.str(), err.str()};
}

void ForEachCommand(const CLI::App* app, const std::function<void(const CLI::App*)>& visit) {
  for (const CLI::App* command : app->get_subcommands([](const CLI::App*) { return true; })) {
    visit(command);
    ForEachCommand(command, visit);
  }
}

TEST_CASE("every command that does something has examples in its help") {
  const Program program;
  ForEachCommand(&program.app, [](const CLI::App* command) {
    CAPTURE(command->get_name());
    CHECK_FALSE(command->get_description().empty());
    const bool is_family = !command->get_subcommands([](const CLI::App*) { return true; }).empty();
    CHECK((is_family || command->get_footer().find("  gusu ") != std::string::npos));
  });
}

TEST_CASE("help is an answer, a wrong command line is not") {
  const Ran help = Run({"register", "--help"});
  CHECK(help.exit_code == 0);
  CHECK(help.out.find("--mint") != std::string::npos);
  CHECK(help.out.find("Examples:") != std::string::npos);
  CHECK(help.err.empty());
  const Ran none = Run({});
  CHECK(none.exit_code == 2);
  CHECK(none.err.find("see: gusu --help") != std::string::npos);
  const Ran unknown = Run({"registrant", "approve"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err.find("gusu: USAGE: id is required") == 0);
  CHECK(unknown.err.find("see: gusu registrant approve --help") != std::string::npos);
}

TEST_CASE("global options stand before or after the command") {
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"--json", "--as", "a", "resolve", "88/1", "--as-of", "x"},
        std::vector<const char*>{"resolve", "88/1", "--as-of", "x", "--json", "--as", "a"}}) {
    const Ran ran = Run(words);
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.find("{\"error\":{\"reason\":\"USAGE\",\"message\":\"'x' is neither a date nor a "
                       "time\"") == 0);
  }
}

TEST_CASE("what contradicts itself is refused before anything is sent") {
  const std::pair<std::vector<const char*>, std::string> cases[] = {
      {{"register", "88/1", "--count", "5"}, "--count needs --mint PATTERN"},
      {{"register", "88/1", "--value", "name"}, "'name' is not KEY=VALUE"},
      {{"register", "88/1", "--level", "modle"}, "'modle' is no level"},
      {{"register", "88/1", "--as", "a"}, "--as needs a --reason"},
      {{"register", "88", "--mint", "{serial:6}", "--count", "0"}, "'0' is not a count"},
      {{"update", "88/1"}, "update replaces all values, and none is given"},
      {{"modify", "88/1"}, "nothing to change"},
      {{"suspend", "88/1"}, "a --reason is required"},
      {{"retire", "88/1", "--reason", "tired"}, "'tired' is no retirement reason"},
      {{"erase", "88/1", "--reason", "r", "--all"}, "--tier is required"},
      {{"erase", "88/1", "--tier", "owner", "--reason", "r"}, "which revisions?"},
      {{"erase", "88/1", "--tier", "owner", "--reason", "r", "--all", "--revision", "1"},
       "which revisions?"},
      {{"erase", "88/1", "--tier", "owner", "--all"}, "a --reason is required"},
      {{"erase", "88/1", "--tier", "body", "--reason", "r", "--all"}, "'body' is no tier"},
      {{"resolve"}, "which code?"},
      {{"credential", "create", "--out", "/tmp/never"}, "whose credential?"},
      {{"import", "x", "--format", "xml"}, "'xml' is no format"},
      {{"list", "88", "--state", "gone"}, "'gone' is no state"},
  };
  for (const auto& [words, message] : cases) {
    const Ran ran = Run(words);
    CAPTURE(message, ran.err);
    CHECK(ran.exit_code == 2);
    CHECK(ran.err.find(message) != std::string::npos);
    CHECK(ran.out.empty());
  }
}

}  // namespace
}  // namespace gusu::cli
