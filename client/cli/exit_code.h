// From what the library answers to what the program ends with.
#pragma once

#include <iosfwd>

#include "client/cli/failure.h"
#include "gusu/status.h"

namespace gusu::cli {

// Never kDone for a status that is not OK.
ExitCode ToExitCode(const Status& status);

// The failure for a status that is not OK. `has_ca` tells whether a certificate authority is known,
// for the hint when the server cannot be reached.
Failure ToFailure(const Status& status, const std::string& server, bool has_ca);

// `gusu: REASON: message` and a line with the hint to `err`; with `json`, an object
// {"error": {"reason", "message", "hint", "metadata", "exit_code"}} to `out` instead. Nothing for a
// failure that was told already.
void PrintFailure(const Failure& failure, bool json, std::ostream& out, std::ostream& err);

}  // namespace gusu::cli
