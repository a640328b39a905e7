// The commands of the family `audit`, one group a file.
#pragma once

#include "client/cli/program.h"

namespace gusu::cli {

// checkpoint, entries, cosign
void AddAuditReadingCommands(Program* program, CLI::App* family);
// proof, verify-proof
void AddAuditProofCommands(Program* program, CLI::App* family);
// verify, export
void AddAuditVerifyCommands(Program* program, CLI::App* family);
// follow
void AddAuditFollowCommand(Program* program, CLI::App* family);

}  // namespace gusu::cli
