#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>

#include "client/cli/bench_handle.h"
#include "client/cli/bench_handle_message.h"

namespace gusu::cli {
namespace {

using Clock = Budget::Clock;

constexpr double kAnswerSecondsMax = 10;
constexpr size_t kReceiveBytes = 64 * 1024;

class TcpLoop {
 public:
  TcpLoop(const HandleLoad& load, Socket socket, size_t first_code, Budget* budget)
      : load_(load), socket_(std::move(socket)), next_code_(first_code), budget_(budget) {}

  Measured Run() {
    for (Status status; status.ok();) {
      std::string requests;
      while (waiting_.size() < load_.outstanding && budget_->Take(1)) AddRequest(&requests);
      if (waiting_.empty()) break;
      if (auto failure = SendAll(socket_, load_.server, requests)) {
        status = {StatusCode::kUnavailable, failure->message, failure->reason, {}};
      } else {
        status = Receive();
      }
      if (!status.ok()) AddError(status, budget_, &measured_);
    }
    return std::move(measured_);
  }

 private:
  struct Waiting {
    uint32_t request_id;
    const std::string* code;
    Clock::time_point begin;
  };

  void AddRequest(std::string* requests) {
    const std::string& code = load_.codes[next_code_++ % load_.codes.size()];
    next_id_ = (next_id_ & 0x7fff'fffe) + 1;
    EncodeResolve(code, next_id_, &request_);
    requests->append(request_);
    waiting_.push_back({next_id_, &code, Clock::now()});
  }

  // At least a part of an answer; takes those that are whole.
  Status Receive() {
    const size_t had = received_.size();
    received_.resize(had + kReceiveBytes);
    const ssize_t size = recv(socket_.descriptor(), received_.data() + had, kReceiveBytes, 0);
    received_.resize(had + static_cast<size_t>(std::max<ssize_t>(size, 0)));
    if (size < 0 && errno == EINTR) return {};
    if (size < 0) {
      return UnreachableStatus(load_.server,
                               errno == EAGAIN ? "it takes too long" : std::strerror(errno));
    }
    if (size == 0) return UnreachableStatus(load_.server, "it closed the connection");
    std::string_view rest = received_;
    Status status;
    while (status.ok() && rest.size() >= handle::kEnvelopeBytes) {
      const std::optional<handle::Envelope> envelope = handle::DecodeEnvelope(rest);
      if (!envelope) return UnreachableStatus(load_.server, "what it answers has no envelope");
      const size_t end = handle::kEnvelopeBytes + envelope->message_bytes;
      if (rest.size() < end) break;
      status = Take(*envelope, rest.substr(handle::kEnvelopeBytes, envelope->message_bytes));
      rest.remove_prefix(end);
    }
    received_.erase(0, received_.size() - rest.size());
    return status;
  }

  Status Take(const handle::Envelope& envelope, std::string_view message) {
    if (waiting_.empty() || envelope.request_id != waiting_.front().request_id) {
      return UnreachableStatus(load_.server, "it answers another request than the oldest");
    }
    const Waiting asked = waiting_.front();
    waiting_.pop_front();
    AddOutcome(CheckResolved(*asked.code, envelope, message), MicrosecondsSince(asked.begin),
               budget_, &measured_);
    return {};
  }

  const HandleLoad& load_;
  const Socket socket_;
  size_t next_code_;
  Budget* const budget_;
  std::deque<Waiting> waiting_;  // oldest first, `outstanding` at most
  std::string request_;
  std::string received_;  // at most a message and what one call receives
  uint32_t next_id_ = 0;
  Measured measured_;
};

}  // namespace

Measured RunHandleTcpLoop(const HandleLoad& load, size_t worker, Budget* budget) {
  OrFailure<Socket> socket = ConnectTo(load.server, Transport::kTcp, kAnswerSecondsMax);
  if (!socket.ok()) {
    Measured measured;
    AddError(UnreachableStatus(load.server, socket.failure().message), budget, &measured);
    return measured;
  }
  return TcpLoop(load, std::move(*socket), worker * 7919, budget).Run();
}

}  // namespace gusu::cli
