// Follows a log: checks that each checkpoint extends the one before, and keeps what it has seen in
// a file of its own, so that a log that forks or shrinks is found out, also across restarts.
//
//   gusu::AuditorOptions options;
//   options.vkeys = {vkey};
//   options.state_file = "/var/lib/auditor/state";
//   gusu::Auditor auditor(client, options);
//   gusu::Result<gusu::AuditStep> step = auditor.Check();
//   if (step && step->alarm) Notify(step->alarm->message, …);
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gusu/audit.h"
#include "gusu/client.h"

namespace gusu {

struct AuditorOptions {
  std::vector<std::string> vkeys;
  // Made when it is not there; written whole before a checkpoint counts as seen.
  std::string state_file;
};

// Two checkpoints of one log that cannot both be true, each signed by it: proof of what it did.
struct AuditAlarm {
  std::string message;
  std::string seen;   // signed note
  std::string found;  // signed note
};

struct AuditStep {
  VerifiedCheckpoint checkpoint;    // the latest that extends all before
  bool grown = false;               // since the step before
  std::optional<AuditAlarm> alarm;  // stays, and is told again by each step
};

// For one thread.
class GUSU_EXPORT Auditor {
 public:
  Auditor(Client client, AuditorOptions options);
  ~Auditor();
  Auditor(Auditor&&) noexcept;

  // Fetches the published checkpoint and the proof that it extends the last one seen. An error is
  // one of reaching the log or of the state file; a log that contradicts itself is an alarm.
  Result<AuditStep> Check();
  // Follows the log until `on_step` returns false or the log cannot be reached: a step for each
  // checkpoint, every entry hashed up to its root. `on_entry`, when given, is told each entry
  // before.
  Status Follow(const std::function<bool(const AuditStep&)>& on_step,
                const std::function<void(const LogEntry&)>& on_entry = {});

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace gusu
