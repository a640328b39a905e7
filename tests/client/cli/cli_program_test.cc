#include <catch2/catch.hpp>
#include <functional>

#include "client/cli/program.h"
#include "tests/client/cli/run_gusu.h"

namespace gusu::cli {
namespace {

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
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--json", "--as", "a", "resolve", "88/1", "--as-of", "x"},
        std::vector<std::string>{"resolve", "88/1", "--as-of", "x", "--json", "--as", "a"}}) {
    const Ran ran = Run(words);
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.find("{\"error\":{\"reason\":\"USAGE\",\"message\":\"'x' is neither a date nor a "
                       "time\"") == 0);
  }
}

TEST_CASE("what contradicts itself is refused before anything is sent") {
  const std::pair<std::vector<std::string>, std::string> cases[] = {
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
      {{"credential", "create", "--bureau"}, "what is the credential to be made for?"},
      {{"credential", "create", "--bureau", "--out", "/tmp/never", "--public-key", "/tmp/key"},
       "what is the credential to be made for?"},
      {{"credential", "create", "--bureau", "--out", "/tmp/never", "--handle-prefix", "88.118"},
       "a token has no Handle identity"},
      {{"import", "x", "--format", "xml"}, "'xml' is no format"},
      {{"list", "88", "--state", "gone"}, "'gone' is no state"},
      {{"list"}, "which records?"},
      {{"list", "88", "--where", "batch"}, "--where 'batch' is not NAME=VALUE"},
      {{"list", "88", "--where", "=L-1"}, "--where '=L-1' is not NAME=VALUE"},
      {{"list", "88", "--begins", "batch="}, "--begins 'batch=' is not NAME=VALUE"},
      {{"list", "88", "--created-from", "soon"}, "'soon' is neither"},
      {{"list", "88", "--as-of", "2026-02-30"}, "'2026-02-30' is neither"},
      {{"list", "88", "--as-of", "2026-02-03", "--time-zone", "Mars"}, "'Mars'"},
      {{"history", "88/1", "--diff", "first"}, "--diff"},
      {{"history", "88/1", "--diff", "first", "last"}, "'last' is no revision"},
      {{"hold", "88/1"}, "a --reason is required"},
      {{"hold", "88/1", "--reason", "", "--as", "a"}, "a --reason is required"},
      {{"unhold", "88/1", "--reason", "r"}, "number is required"},
      {{"unhold", "88/1", "0", "--reason", "r"}, "'0' is no number of a hold"},
      {{"unhold", "88/1", "4294967296", "--reason", "r"}, "is no number of a hold"},
      {{"update", "88/1", "--instance-of", "88/2", "--no-instance-of"}, "excludes"},
      {{"range", "allocate", "88", "--pattern", "x", "--count", "0"}, "'0' is not a count"},
      {{"range", "allocate", "88", "--pattern", "x", "--count", "1000000001"}, "is not a count"},
      {{"range", "allocate", "88", "--pattern", "x", "--count", "1", "--first", "0"},
       "'0' is no serial"},
      {{"range", "allocate", "88", "--count", "1"}, "--pattern is required"},
      {{"range", "release", "--from", "88/1"}, "a --reason is required"},
      {{"range", "activate"}, "--from is required"},
      {{"range", "list", "88", "--state", "gone"}, "'gone' is no state"},
      {{"transfer", "offer", "88/1", "--to", "b"}, "what passes?"},
      {{"transfer", "offer", "--to", "b", "--custody"}, "which codes?"},
      {{"transfer", "offer", "88/1", "--file", "x", "--to", "b", "--custody"}, "which codes?"},
      {{"transfer", "offer", "--range-from", "88/1", "--to", "b", "--custody"}, "two ends"},
      {{"transfer", "offer", "--file", "x", "--to", "b", "--custody", "--request-id", "r"},
       "--request-id is of one offer"},
      {{"transfer", "offer", "--file", "/no/such/file", "--to", "b", "--custody"},
       "cannot read /no/such/file"},
      {{"transfer", "offer", "88/1", "--to", "b", "--custody", "--expires", "soon"},
       "'soon' is neither"},
      {{"transfer", "accept"}, "which offer?"},
      {{"transfer", "accept", "x", "88/1", "--file", "y"}, "--file is a list of its own"},
      {{"transfer", "decline", "x"}, "a --reason is required"},
      {{"transfer", "withdraw", "x"}, "a --reason is required"},
      {{"transfer", "list", "--state", "gone"}, "'gone' is no state"},
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
