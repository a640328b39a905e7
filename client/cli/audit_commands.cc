// gusu audit: the log that everything is in, and what follows from it.
#include "client/cli/audit_commands.h"

namespace gusu::cli {

CLI::App* AddAuditCommands(Program* program) {
  CLI::App* family = AddFamily(program, "audit", "Read, prove and verify the audit log");
  AddAuditReadingCommands(program, family);
  AddAuditProofCommands(program, family);
  AddAuditVerifyCommands(program, family);
  AddAuditFollowCommand(program, family);
  AddAuditReportCommand(program, family);
  AddAuditSampleCommand(program, family);
  AddAuditEvidenceCommand(program, family);
  return family;
}

}  // namespace gusu::cli
