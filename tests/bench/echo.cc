// gusu_echo: measures a bare gRPC echo, server and load in processes of their own, and prints its
// figures as a JSON object for `gusu bench`.
#include "tests/bench/echo.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace {

// User and system time of the children that ended and were waited for.
double ChildrenCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The port that the server wrote; 0 when it did not start.
int ReadPort(int descriptor) {
  std::array<char, 16> text{};
  const ssize_t size = read(descriptor, text.data(), text.size() - 1);
  return size > 0 ? std::atoi(text.data()) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  gusu::bench::EchoLoad load;
  load.request_bytes = 24;
  uint64_t answer_bytes = 340;
  CLI::App app("Measures a bare gRPC echo on loopback.", "gusu_echo");
  app.add_option("--connections", load.connections)->check(CLI::Range(1, 64));
  app.add_option("--outstanding", load.outstanding)->check(CLI::Range(1, 64));
  app.add_option("--seconds", load.seconds)->check(CLI::Range(0.1, 3600.0));
  app.add_option("--request-bytes", load.request_bytes)->check(CLI::Range(1, 1000000));
  app.add_option("--answer-bytes", answer_bytes)->check(CLI::Range(1, 1000000));
  CLI11_PARSE(app, argc, argv);

  std::array<int, 2> port{};
  std::array<int, 2> stop{};
  if (pipe(port.data()) != 0 || pipe(stop.data()) != 0) return EXIT_FAILURE;
  const pid_t server = fork();  // before gRPC has any thread
  if (server < 0) return EXIT_FAILURE;
  if (server == 0) {
    close(stop[1]);
    gusu::bench::ServeEcho(port[1], stop[0], answer_bytes);
    return EXIT_SUCCESS;
  }
  close(port[1]);
  close(stop[0]);
  load.port = ReadPort(port[0]);
  if (load.port == 0) return EXIT_FAILURE;
  const gusu::bench::EchoFigures figures = gusu::bench::RunEchoLoad(load);
  close(stop[1]);  // ends the server
  if (waitpid(server, nullptr, 0) != server || figures.calls_count == 0) return EXIT_FAILURE;
  const double calls = static_cast<double>(figures.calls_count);
  std::printf(
      "{\"calls_per_second\":%.1f,\"median_us\":%.0f,\"p99_us\":%.0f,"
      "\"server_cpu_us_per_call\":%.2f,\"errors\":%llu}\n",
      calls / figures.seconds, figures.median_us, figures.p99_us,
      ChildrenCpuSeconds() * 1e6 / calls, static_cast<unsigned long long>(figures.errors_count));
  return figures.errors_count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
