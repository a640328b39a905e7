// With which keys a log is checked: those that were handed out, or, when asked for, the server's
// own word.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/session.h"
#include "gusu/client.h"

namespace gusu::cli {

struct LogTrust {
  std::vector<std::string> vkeys;  // keys or files of them
  bool trust_server_key = false;
};

// --vkey and --trust-server-key.
void AddTrustOptions(CLI::App* command, LogTrust* trust);

// As FindVkeys; with --trust-server-key the keys that the server names, which shows that the log
// contradicts itself nowhere, and not that it is the log that others see. Says so.
OrFailure<std::vector<std::string>> FindTrustedVkeys(Session& session, Client& client,
                                                     const LogTrust& trust);

// A proof or a log that does not hold: exit code 1, unless it is the caller's key that is no key.
Failure CheckFailure(const Status& status);

}  // namespace gusu::cli
