// gusu bench: how fast this registry answers, in a closed loop, beside a bare echo.
#include "client/cli/program.h"

namespace gusu::cli {

void AddBenchCommands(Program* program) {
  CLI::App* family = AddFamily(program, "bench", "Measure this registry in a closed loop");
  AddBenchResolveCommand(program, family);
  AddBenchRegisterCommand(program, family);
  AddBenchAuditCommand(program, family);
  AddBenchListCommand(program, family);
}

}  // namespace gusu::cli
