// gusu audit follow: an auditor that remembers what it has seen.
#include <CLI/CLI.hpp>
#include <ostream>

#include "client/cli/audit_commands.h"
#include "client/cli/audit_leaf.h"
#include "client/cli/vkeys.h"
#include "gusu/auditor.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

// A state file that cannot be used is a fault of the command's input, and not of the network.
Failure FailureOf(const Session& session, const Status& status) {
  return status.reason == "AUDITOR_STATE" ? FileFailure(status.message) : session.FailureOf(status);
}

struct FollowOptions {
  std::string state_file;
  std::vector<std::string> vkeys;
  bool once = false;
};

MaybeFailure PrintStep(Session& session, const AuditStep& step) {
  if (step.alarm) {
    if (session.json()) {
      session.out() << "{\"alarm\":{\"message\":" << JsonString(step.alarm->message)
                    << ",\"seen\":" << JsonString(step.alarm->seen)
                    << ",\"found\":" << JsonString(step.alarm->found) << "}}\n";
      return ToldFailure(ExitCode::kNegative);
    }
    session.out() << "ALARM: " << step.alarm->message << "\n\nseen before:\n"
                  << step.alarm->seen << "\nfound now:\n"
                  << step.alarm->found;
    session.err() << "the log signed both; keep them, and show them to whoever relies on it\n";
    return ToldFailure(ExitCode::kNegative);
  }
  if (session.json()) {
    session.out() << "{\"grown\":" << (step.grown ? "true" : "false")
                  << ",\"checkpoint\":" << ToJson(step.checkpoint) << "}\n";
  } else {
    session.out() << (step.grown ? "extends " : "as before ") << CheckpointText(step.checkpoint)
                  << '\n';
  }
  session.out().flush();
  return std::nullopt;
}

MaybeFailure Follow(Session& session, const FollowOptions& options) {
  OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, options.vkeys);
  if (!vkeys.ok()) return vkeys.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  Auditor auditor(*std::move(client), {*std::move(vkeys), options.state_file});
  if (options.once) {
    const Result<AuditStep> step = auditor.Check();
    if (!step.ok()) return FailureOf(session, step.status());
    return PrintStep(session, *step);
  }
  MaybeFailure alarm;
  const Status status = auditor.Follow([&](const AuditStep& step) {
    alarm = PrintStep(session, step);
    return !alarm;
  });
  if (alarm) return alarm;
  if (!status.ok()) return FailureOf(session, status);
  return std::nullopt;
}

}  // namespace

void AddAuditFollowCommand(Program* program, CLI::App* family) {
  const auto [follow, options] = AddCommand<FollowOptions>(
      program, family, "follow",
      "Follow the log, and raise an alarm when a checkpoint does not extend the last one seen",
      "  gusu audit follow --state /var/lib/auditor/state --vkey registry.vkey\n"
      "  gusu audit follow --once --state state --vkey registry.vkey --json     (from cron)\n"
      "Exit code 1: the log contradicts itself; both checkpoints are shown.",
      Follow);
  follow->add_option("--state", options->state_file, "File that remembers what was seen")
      ->required();
  follow->add_flag("--once", options->once, "Check once, and end");
  AddVkeyOption(follow, &options->vkeys);
}

}  // namespace gusu::cli
