#include "client/cli/bench_handle.h"

#include "client/cli/bench_echo.h"
#include "client/cli/bench_handle_message.h"
#include "client/cli/exit_code.h"
#include "client/cli/handle_exchange.h"

namespace gusu::cli {
namespace {

// A code whose request needs several datagrams cannot be asked for by the loop over UDP.
MaybeFailure CheckLengths(const std::vector<std::string>& codes) {
  std::string request;
  for (const std::string& code : codes) {
    EncodeResolve(code, 1, &request);
    if (request.size() > handle::kPacketBytesMax) {
      return UsageFailure("a request for " + code + " does not go into one datagram",
                          "measure it with --door handle-tcp");
    }
  }
  return std::nullopt;
}

Measured RunLoad(const HandleLoad& load, Transport transport, size_t connections, Budget* budget) {
  const auto loop = transport == Transport::kUdp ? RunHandleUdpLoop : RunHandleTcpLoop;
  return RunWorkers(connections, [&](size_t worker) { return loop(load, worker, budget); });
}

OrFailure<std::optional<Ceiling>> EchoCeiling(const BenchOptions& options, Transport transport,
                                              HandleLoad load, const HandleAnswer& answer) {
  const auto echo = Echo::Start(transport, answer.envelope, answer.message);
  if (!echo.ok()) return echo.failure();
  load.server = (*echo)->address();
  load.codes.resize(1);  // the one that is answered
  return MeasureEcho(
      options,
      [&](Budget* budget) { return RunLoad(load, transport, options.connections, budget); },
      [&] { return (*echo)->StopAndCpuSeconds(); });
}

}  // namespace

MaybeFailure BenchHandle(Session& session, const BenchOptions& options, Transport transport,
                         const std::string& server, const std::vector<std::string>& codes) {
  const bool is_udp = transport == Transport::kUdp;
  if (is_udp) {
    if (auto failure = CheckLengths(codes)) return failure;
  }
  const HandleLoad load{server, codes, options.outstanding};
  std::string request;
  EncodeResolve(codes.front(), 1, &request);
  const auto answer = AskHandle(server, request, session.flags().timeout_seconds);
  if (!answer.ok()) return answer.failure();
  if (const auto body = BodyOf(server, *answer); !body.ok()) return body.failure();
  BenchRun run;
  run.mode = "resolve";
  run.door = is_udp ? "handle-udp" : "handle-tcp";
  run.ceiling_name = is_udp ? "UDP echo" : "TCP echo";
  run.work = [&](Budget* budget) { return RunLoad(load, transport, options.connections, budget); };
  run.ceiling = [&] { return EchoCeiling(options, transport, load, *answer); };
  run.failure_of = [&](const Status& status) { return ToFailure(status, server, true); };
  return Measure(session, options, run);
}

}  // namespace gusu::cli
