#include "client/cli/bench_http.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "client/bench/http_echo.h"
#include "client/cli/bench_http_message.h"
#include "client/cli/exit_code.h"
#include "client/cli/socket.h"

namespace gusu::cli {
namespace {

// The answer to the first request, whole; `bytes` keeps what it points into.
OrFailure<HttpAnswer> AskOnce(const HttpLoad& load, double timeout_seconds, std::string* bytes) {
  const auto socket = ConnectTo(load.server, Transport::kTcp, timeout_seconds);
  if (!socket.ok()) return socket.failure();
  if (auto failure = SendAll(*socket, load.server, load.requests.front())) return *failure;
  while (true) {
    const auto answer = ReadHttpAnswer(*bytes);
    if (!answer.ok()) return ToFailure(answer.status(), load.server, true);
    if (answer->has_value()) return **answer;
    char part[16 * 1024];
    const ssize_t size = recv(socket->descriptor(), part, sizeof part, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Unreachable(load.server, std::strerror(errno));
    if (size == 0) {
      return Unreachable(load.server, "it closed the connection; is it the HTTP door?");
    }
    bytes->append(part, static_cast<size_t>(size));
  }
}

Measured RunLoad(const HttpLoad& load, size_t connections, Budget* budget) {
  return RunWorkers(connections, [&](size_t worker) { return RunHttpLoop(load, worker, budget); });
}

OrFailure<std::optional<Ceiling>> EchoCeiling(const BenchOptions& options, HttpLoad load,
                                              const HttpAnswer& answer) {
  const auto echo = HttpEcho::Start({answer.headers, std::string(answer.body)});
  if (!echo.ok()) return echo.failure();
  load.server = (*echo)->address();
  load.requests.resize(1);  // the one that is answered
  return MeasureEcho(
      options, [&](Budget* budget) { return RunLoad(load, options.connections, budget); },
      [&] { return (*echo)->StopAndCpuSeconds(); });
}

}  // namespace

OrFailure<std::string> HttpAddress(const Session& session, const std::string& given) {
  if (!given.empty()) return given;
  const std::string& data = session.flags().data;
  if (data.empty()) {
    return UsageFailure("which HTTP server?", "name it as HOST:PORT, or its --data directory");
  }
  std::ifstream file(data + "/http.address");
  std::string address;
  if (std::getline(file, address) && !address.empty()) return address;
  return Failure{ExitCode::kUnreachable, "SERVER_NOT_RUNNING",
                 "no server has announced an HTTP door in " + data + "/http.address",
                 "start one with: gusud --data " + data};
}

MaybeFailure BenchHttp(Session& session, const BenchOptions& options, const std::string& server,
                       const std::vector<std::string>& codes) {
  HttpLoad load{server, {}, options.outstanding};
  for (const std::string& code : codes) load.requests.push_back(HttpResolveRequest(server, code));
  std::string bytes;
  const auto answer = AskOnce(load, session.flags().timeout_seconds, &bytes);
  if (!answer.ok()) return answer.failure();
  if (const Status status = StatusOfHttpAnswer(*answer); !status.ok()) {
    return ToFailure(status, server, true);
  }
  BenchRun run;
  run.mode = "resolve";
  run.door = "http";
  run.ceiling_name = "HTTP echo";
  run.work = [&](Budget* budget) { return RunLoad(load, options.connections, budget); };
  run.ceiling = [&] { return EchoCeiling(options, load, *answer); };
  run.failure_of = [&](const Status& status) { return ToFailure(status, server, true); };
  return Measure(session, options, run);
}

}  // namespace gusu::cli
