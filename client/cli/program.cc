#include "client/cli/program.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "client/cli/exit_code.h"

namespace gusu::cli {
namespace {

constexpr char kFooter[] =
    "Settings come from the command line, else from GUSU_SERVER, GUSU_CA and GUSU_TOKEN_FILE, "
    "else\n"
    "from the profile in ~/.config/gusu/config.toml. `gusu COMMAND --help` shows examples.\n\n"
    "Exit codes: 0 done, 1 the answer is negative or differs, 2 usage, 3 not found, 4 refused,\n"
    "5 conflict, 6 server unreachable, 7 outcome unknown: repeat the same command.";

void AddGlobalFlags(Program* program) {
  CLI::App& app = program->app;
  GlobalFlags& flags = program->flags;
  const std::string group = "Global options";
  app.add_option("--server", flags.server, "Address of the registry, HOST:PORT")->group(group);
  app.add_option("--ca", flags.ca, "PEM file of the authority that the server must prove")
      ->group(group);
  app.add_option("--token-file", flags.token_file, "File with the token to act with")->group(group);
  app.add_option("--profile", flags.profile, "Profile of the configuration to use")->group(group);
  app.add_option("--data", flags.data,
                 "Data directory of a local server: its address, CA and "
                 "bureau token")
      ->group(group);
  app.add_option("--as", flags.as, "Act as the bureau for this registrant, with --reason")
      ->group(group);
  app.add_option("--reason", flags.reason, "Why; kept in the audit log")->group(group);
  app.add_option("--timeout", flags.timeout_seconds, "Seconds for a call with its retries")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str()
      ->group(group);
  app.add_flag("--plaintext", flags.plaintext, "Without TLS; to a loopback address only")
      ->group(group);
  app.add_flag("--json", flags.json, "Answers as JSON, an object a line")->group(group);
}

// The command that the arguments lead to, for its help.
const CLI::App* Innermost(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::string PathOf(const CLI::App* app) {
  const std::string& name = app->get_name();
  return app->get_parent() == nullptr ? name : PathOf(app->get_parent()) + " " + name;
}

}  // namespace

Program::Program() {
  app.require_subcommand(1);
  app.fallthrough();  // global options are taken after a command too
  app.option_defaults()->always_capture_default(false);
  app.footer(kFooter);
  app.set_version_flag("--version", GUSU_VERSION);
  app.get_formatter()->column_width(34);
  AddGlobalFlags(this);
  AddRegistrantDecisionCommands(this, AddRegistrantCommands(this));
  AddPrefixChangeCommands(this, AddPrefixCommands(this));
  AddCredentialCommands(this);
  AddTemplateCommands(this);
  AddGrantCommands(this);
  AddGroupCommands(this);
  AddRegisterCommand(this);
  AddResolveCommand(this);
  AddLabelCommand(this);
  AddRecordCommands(this);
  AddListCommand(this);
  AddHistoryCommand(this);
  AddChangeCommands(this);
  AddEraseCommand(this);
  AddRangeCommands(this);
  AddTransferCommands(this);
  AddImportCommand(this);
  AddStatisticsCommands(this);
  AddAuditCommands(this);
  AddTrustCommand(this);
  AddHandleKeyCommand(this, AddHandleCommands(this));
  AddBenchCommands(this);
  AddCompletionCommands(this);
}

CLI::App* AddFamily(Program* program, const std::string& name, const std::string& description) {
  CLI::App* family = program->app.add_subcommand(name, description);
  family->require_subcommand(1);
  return family;
}

int RunProgram(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  Program program;
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    out << Innermost(&program.app)->help();
    return 0;
  } catch (const CLI::CallForVersion& version) {
    out << "gusu " << version.what() << '\n';
    return 0;
  } catch (const CLI::ParseError& error) {
    const Failure failure =
        UsageFailure(error.what(), "see: " + PathOf(Innermost(&program.app)) + " --help");
    PrintFailure(failure, program.flags.json, out, err);
    return static_cast<int>(failure.exit_code);
  }
  Session session(program.flags, out, err);
  const MaybeFailure failure = program.action(session);
  out.flush();
  if (!failure) return static_cast<int>(ExitCode::kDone);
  PrintFailure(*failure, program.flags.json, out, err);
  return static_cast<int>(failure->exit_code);
}

}  // namespace gusu::cli
