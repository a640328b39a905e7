// The tree of commands. Each family of commands adds itself, one family a file.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "client/cli/failure.h"
#include "client/cli/session.h"
#include "client/cli/settings.h"

namespace gusu::cli {

struct Program {
  Program();
  Program(const Program&) = delete;

  CLI::App app{"Registers, resolves and audits industrial identifiers.", "gusu"};
  GlobalFlags flags;
  // What the command line chose; empty before it was parsed.
  std::function<MaybeFailure(Session&)> action;
};

// Parses the arguments, runs the command and tells failures. Returns the exit code.
int RunProgram(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

// Families that further files add to are returned.
CLI::App* AddRegistrantCommands(Program* program);
void AddRegistrantDecisionCommands(Program* program, CLI::App* family);
CLI::App* AddPrefixCommands(Program* program);
void AddPrefixChangeCommands(Program* program, CLI::App* family);
void AddCredentialCommands(Program* program);
void AddTemplateCommands(Program* program);
void AddGrantCommands(Program* program);
void AddGroupCommands(Program* program);
void AddStatisticsCommands(Program* program);
void AddRegisterCommand(Program* program);
void AddResolveCommand(Program* program);
void AddLabelCommand(Program* program);
void AddRecordCommands(Program* program);
void AddListCommand(Program* program);
void AddHistoryCommand(Program* program);
void AddRangeCommands(Program* program);
void AddTransferCommands(Program* program);
void AddChangeCommands(Program* program);
void AddEraseCommand(Program* program);
void AddImportCommand(Program* program);
void AddTrustCommand(Program* program);
CLI::App* AddHandleCommands(Program* program);
void AddHandleKeyCommand(Program* program, CLI::App* family);
void AddBenchCommands(Program* program);
void AddBenchResolveCommand(Program* program, CLI::App* family);
void AddBenchRegisterCommand(Program* program, CLI::App* family);
void AddBenchAuditCommand(Program* program, CLI::App* family);
void AddBenchListCommand(Program* program, CLI::App* family);
void AddCompletionCommands(Program* program);
// Returns the family, so that further files can add to it.
CLI::App* AddAuditCommands(Program* program);
void AddAuditReportCommand(Program* program, CLI::App* family);
void AddAuditSampleCommand(Program* program, CLI::App* family);
void AddAuditEvidenceCommand(Program* program, CLI::App* family);

// A command below `parent` with options of its own, which live as long as the program. `examples`
// are lines of its --help.
template <typename Options>
std::pair<CLI::App*, Options*> AddCommand(Program* program, CLI::App* parent,
                                          const std::string& name, const std::string& description,
                                          const std::string& examples,
                                          MaybeFailure (*run)(Session&, const Options&)) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parent->add_subcommand(name, description);
  command->footer("Examples:\n" + examples);
  command->callback([program, options, run] {
    program->action = [options, run](Session& session) { return run(session, *options); };
  });
  return {command, options.get()};
}

// A command that only holds others.
CLI::App* AddFamily(Program* program, const std::string& name, const std::string& description);

}  // namespace gusu::cli
