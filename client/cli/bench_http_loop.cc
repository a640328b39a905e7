#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <deque>

#include "client/cli/bench_http.h"
#include "client/cli/bench_http_message.h"
#include "client/cli/socket.h"

namespace gusu::cli {
namespace {

using Clock = Budget::Clock;

constexpr double kAnswerSecondsMax = 10;
constexpr size_t kReceiveBytes = 64 * 1024;

Status Broken(const std::string& server, const std::string& why) {
  return {StatusCode::kUnavailable,
          server + " cannot be reached: " + why,
          std::string(kReasonServerUnreachable),
          {}};
}

class HttpLoop {
 public:
  HttpLoop(const HttpLoad& load, Socket socket, size_t first_request, Budget* budget)
      : load_(load), socket_(std::move(socket)), next_request_(first_request), budget_(budget) {}

  Measured Run() {
    for (Status status; status.ok();) {
      std::string requests;
      while (begun_.size() < load_.outstanding && budget_->Take(1)) {
        requests += load_.requests[next_request_++ % load_.requests.size()];
        begun_.push_back(Clock::now());
      }
      if (begun_.empty()) break;
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
  // At least a part of an answer; takes those that are whole.
  Status Receive() {
    const size_t had = received_.size();
    received_.resize(had + kReceiveBytes);
    const ssize_t size = recv(socket_.descriptor(), received_.data() + had, kReceiveBytes, 0);
    received_.resize(had + static_cast<size_t>(std::max<ssize_t>(size, 0)));
    if (size < 0 && errno == EINTR) return {};
    if (size < 0) {
      return Broken(load_.server, errno == EAGAIN ? "it takes too long" : std::strerror(errno));
    }
    if (size == 0) return Broken(load_.server, "it closed the connection");
    std::string_view rest = received_;
    while (!rest.empty()) {
      const auto answer = ReadHttpAnswer(rest);
      if (!answer.ok()) return answer.status();
      if (!answer->has_value()) break;
      if (begun_.empty()) return Broken(load_.server, "it answers what was not asked");
      AddOutcome(StatusOfHttpAnswer(**answer), MicrosecondsSince(begun_.front()), budget_,
                 &measured_);
      begun_.pop_front();
      rest.remove_prefix((*answer)->bytes);
    }
    received_.erase(0, received_.size() - rest.size());
    return {};
  }

  const HttpLoad& load_;
  const Socket socket_;
  size_t next_request_;
  Budget* const budget_;
  std::deque<Clock::time_point> begun_;  // oldest first, `outstanding` at most
  std::string received_;                 // at most an answer and what one call receives
  Measured measured_;
};

}  // namespace

Measured RunHttpLoop(const HttpLoad& load, size_t worker, Budget* budget) {
  OrFailure<Socket> socket = ConnectTo(load.server, Transport::kTcp, kAnswerSecondsMax);
  if (!socket.ok()) {
    Measured measured;
    AddError(Broken(load.server, socket.failure().message), budget, &measured);
    return measured;
  }
  return HttpLoop(load, std::move(*socket), worker * 7919, budget).Run();
}

}  // namespace gusu::cli
