#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/bench/echo.h"

namespace gusu::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kLatenciesMax = 1'000'000;  // of one loop; later ones are counted, not kept

// One call at a time, each started by the end of the one before.
class Loop {
 public:
  Loop(const std::shared_ptr<grpc::Channel>& channel, const grpc::ByteBuffer& request,
       Clock::time_point end)
      : stub_(channel), request_(request), end_(end) {}

  void Start() { Call(); }
  void Wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return over_; });
  }
  // Only after Wait.
  const std::vector<uint32_t>& latencies_us() const { return latencies_us_; }
  uint64_t calls_count() const { return calls_count_; }
  uint64_t errors_count() const { return errors_count_; }

 private:
  void Call() {
    context_ = std::make_unique<grpc::ClientContext>();
    begin_ = Clock::now();
    stub_.UnaryCall(context_.get(), kEchoMethod, grpc::StubOptions(), &request_, &answer_,
                    [this](const grpc::Status& status) { Answered(status.ok()); });
  }
  void Answered(bool ok) {
    const auto now = Clock::now();
    ++(ok ? calls_count_ : errors_count_);
    if (ok && latencies_us_.size() < kLatenciesMax) {
      latencies_us_.push_back(static_cast<uint32_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(now - begin_).count()));
    }
    if (ok && now < end_) return Call();
    const std::lock_guard lock(mutex_);
    over_ = true;
    ended_.notify_all();
  }

  grpc::GenericStub stub_;
  const grpc::ByteBuffer request_;
  const Clock::time_point end_;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer answer_;
  Clock::time_point begin_;
  std::vector<uint32_t> latencies_us_;
  uint64_t calls_count_ = 0;
  uint64_t errors_count_ = 0;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
};

double Percentile(std::vector<uint32_t>& sorted, double fraction) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<size_t>(fraction * static_cast<double>(sorted.size() - 1));
  return sorted[at];
}

}  // namespace

EchoFigures RunEchoLoad(const EchoLoad& load) {
  const grpc::Slice slice(std::string(load.request_bytes, 'q'));
  const grpc::ByteBuffer request(&slice, 1);
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::microseconds(static_cast<int64_t>(load.seconds * 1e6));
  std::vector<std::unique_ptr<Loop>> loops;
  for (int i = 0; i < load.connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a TCP connection of its own
    const auto channel = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(load.port),
                                                   grpc::InsecureChannelCredentials(), arguments);
    for (int j = 0; j < load.outstanding; ++j) {
      loops.push_back(std::make_unique<Loop>(channel, request, end));
    }
  }
  for (const auto& loop : loops) loop->Start();
  EchoFigures figures;
  std::vector<uint32_t> latencies_us;
  for (const auto& loop : loops) {
    loop->Wait();
    figures.calls_count += loop->calls_count();
    figures.errors_count += loop->errors_count();
    latencies_us.insert(latencies_us.end(), loop->latencies_us().begin(),
                        loop->latencies_us().end());
  }
  figures.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::sort(latencies_us.begin(), latencies_us.end());
  figures.median_us = Percentile(latencies_us, 0.5);
  figures.p99_us = Percentile(latencies_us, 0.99);
  return figures;
}

}  // namespace gusu::bench
