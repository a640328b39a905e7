// Verifier keys to check a log with: what its users were handed, never what the server says of
// itself.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/session.h"

namespace gusu::cli {

// --vkey, which may be given several times; and where the keys come from without it.
void AddVkeyOption(CLI::App* command, std::vector<std::string>* given);

// Each of `given` is a vkey or a file of them, one a line. Without any: those of log.vkey in the
// directory of --data, else of the file that GUSU_VKEY or the profile's `vkey` names. Fails when
// there is none. Needs no server.
OrFailure<std::vector<std::string>> FindVkeys(const Session& session,
                                              const std::vector<std::string>& given);

}  // namespace gusu::cli
