#include "client/cli/log_trust.h"

#include <ostream>

#include "client/cli/vkeys.h"

namespace gusu::cli {

void AddTrustOptions(CLI::App* command, LogTrust* trust) {
  AddVkeyOption(command, &trust->vkeys);
  command->add_flag("--trust-server-key", trust->trust_server_key,
                    "Take the key that the server itself names: shows that the log does not "
                    "contradict itself, not that others see the same one");
}

OrFailure<std::vector<std::string>> FindTrustedVkeys(Session& session, Client& client,
                                                     const LogTrust& trust) {
  if (!trust.trust_server_key) {
    OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, trust.vkeys);
    if (vkeys.ok() || vkeys.failure().reason != "USAGE") return vkeys;
    Failure failure = vkeys.failure();
    failure.hint += "; or --trust-server-key, to take the server's word for it";
    return failure;
  }
  if (!trust.vkeys.empty()) {
    return UsageFailure("--vkey and --trust-server-key contradict each other");
  }
  Result<LogCheckpoint> answer = client.GetCheckpoint();
  if (!answer.ok()) return session.FailureOf(answer.status());
  for (const std::string& vkey : answer->vkeys) {
    session.err() << "taking the server's word for its key: " << vkey << '\n';
  }
  return std::move(answer->vkeys);
}

Failure CheckFailure(const Status& status) {
  const bool usage = status.reason == "KEY_MALFORMED" || status.reason == "JSON_MALFORMED";
  return {usage ? ExitCode::kUsage : ExitCode::kNegative,
          status.reason.empty() ? std::string(ToText(status.code)) : status.reason, status.message,
          usage ? "" : "what was shown is not proven", status.metadata};
}

}  // namespace gusu::cli
