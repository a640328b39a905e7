// gusu: the registry's command line.
#include <csignal>
#include <iostream>

#include "client/cli/program.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGPIPE, SIG_DFL);  // `gusu list … | head` ends quietly
  return gusu::cli::RunProgram(argc, argv, std::cout, std::cerr);
}
