// A production line in a process of its own, which ends itself with SIGKILL in the middle of
// things.
//
// spool_line DIRECTORY ROWS DIE_AT: appends rows until ROWS are acknowledged, counting over all
// runs, and waits until all are reported. DIE_AT counts events (a row sent, registered, reported;
// an append answered); 0 never comes. Files in DIRECTORY: `appended` (number and identifier of each
// answered append), `reported` (number, identifier, outcome, repeated), `registered`, and the
// spool.
#include "tests/client/spool_line.h"

#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

std::atomic<long> events_left{0};

void Event() {
  if (--events_left == 0) raise(SIGKILL);
}

void AppendLine(const std::string& path, const std::string& line) {
  std::ofstream(path, std::ios::app) << line + "\n" << std::flush;
}

size_t CountLines(const std::string& path) {
  std::ifstream file(path);
  size_t count = 0;
  for (std::string line; std::getline(file, line);) ++count;
  return count;
}

}  // namespace

int main(int, char** arguments) {
  const std::string directory = arguments[1];
  const size_t rows = std::strtoul(arguments[2], nullptr, 10);
  events_left = std::strtol(arguments[3], nullptr, 10);

  auto registry = std::make_shared<gusu::test::LineRegistry>(directory + "/registered");
  registry->before_row = [](const gusu::RegisterRow&) {
    Event();
    return gusu::Status{};
  };
  registry->refusal = registry->before_row;
  gusu::SpoolOptions options;
  options.segment_bytes = 4096;
  options.pause_first = std::chrono::milliseconds(1);
  auto spool = gusu::Spool::Open(
      gusu::Client(registry), directory + "/spool",
      [&](gusu::SpoolOutcome outcome) {
        Event();
        AppendLine(directory + "/reported", std::to_string(outcome.row_number) + " " +
                                                outcome.row.identifier + " " +
                                                std::string(gusu::ToText(outcome.result->outcome)) +
                                                " " + (outcome.repeated ? "repeated" : "first"));
        Event();
      },
      options);
  if (!spool) {
    std::fprintf(stderr, "%s\n", spool.status().ToString().c_str());
    return 1;
  }
  for (size_t i = CountLines(directory + "/appended"); i < rows; ++i) {
    const std::string identifier = "88.118.8/L-" + std::to_string(i);
    const auto number = (*spool)->Append(gusu::test::LineRow(identifier));
    if (!number) return 2;
    AppendLine(directory + "/appended", std::to_string(*number) + " " + identifier);
    Event();
  }
  return (*spool)->WaitUntilReported(std::chrono::seconds(60)) ? 0 : 3;
}
