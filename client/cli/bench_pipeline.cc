#include "client/cli/bench_pipeline.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>

#include "client/cli/socket.h"

namespace gusu::cli {
namespace {

constexpr double kAnswerSecondsMax = 10;
constexpr size_t kReceiveBytes = 64 * 1024;

class Pipeline {
 public:
  Pipeline(const std::string& server, Socket socket, PipelinedRequests* requests, Budget* budget)
      : server_(server), socket_(std::move(socket)), requests_(requests), budget_(budget) {}

  Measured Run(size_t outstanding) {
    for (Status status; status.ok();) {
      std::string bytes;
      while (begun_.size() < outstanding && budget_->Take(1)) {
        requests_->Add(&bytes);
        begun_.push_back(Budget::Clock::now());
      }
      if (begun_.empty()) break;
      if (auto failure = SendAll(socket_, server_, bytes)) {
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
    const int error = errno;
    received_.resize(had + static_cast<size_t>(std::max<ssize_t>(size, 0)));
    if (size < 0 && error == EINTR) return {};
    if (size < 0) {
      return UnreachableStatus(server_,
                               error == EAGAIN ? "it takes too long" : std::strerror(error));
    }
    if (size == 0) return UnreachableStatus(server_, "it closed the connection");
    std::string_view rest = received_;
    while (!rest.empty()) {
      if (begun_.empty()) return UnreachableStatus(server_, "it answers what was not asked");
      Status outcome;
      const Result<size_t> taken = requests_->Take(rest, &outcome);
      if (!taken.ok()) return taken.status();
      if (*taken == 0) break;
      AddOutcome(outcome, MicrosecondsSince(begun_.front()), budget_, &measured_);
      begun_.pop_front();
      rest.remove_prefix(*taken);
    }
    received_.erase(0, received_.size() - rest.size());
    return {};
  }

  const std::string& server_;
  const Socket socket_;
  PipelinedRequests* const requests_;
  Budget* const budget_;
  std::deque<Budget::Clock::time_point> begun_;  // oldest first, `outstanding` at most
  std::string received_;                         // at most an answer and what one call receives
  Measured measured_;
};

}  // namespace

Measured RunPipeline(const std::string& server, size_t outstanding, PipelinedRequests* requests,
                     Budget* budget) {
  OrFailure<Socket> socket = ConnectTo(server, Transport::kTcp, kAnswerSecondsMax);
  if (!socket.ok()) {
    Measured measured;
    AddError(UnreachableStatus(server, socket.failure().message), budget, &measured);
    return measured;
  }
  return Pipeline(server, std::move(*socket), requests, budget).Run(outstanding);
}

}  // namespace gusu::cli
