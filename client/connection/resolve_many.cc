#include "client/connection/resolve_many.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "client/connection/convert.h"
#include "client/connection/pump.h"
#include "client/connection/text_check.h"
#include "google/rpc/status.pb.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

// Feeds a pump with identifiers and hands outcomes out in their order. All on the caller's thread.
// Holds at most the identifiers of the messages in flight, the next one's, and what waits behind a
// rest.
class ResolveSource final
    : public MessageSource<v1::StreamResolveRequest, v1::StreamResolveResponse> {
 public:
  ResolveSource(const std::function<std::optional<std::string>()>& next,
                const ResolveManyOptions& options,
                const std::function<void(ResolveOutcome)>& on_outcome)
      : next_(next),
        on_outcome_(on_outcome),
        options_(ToProto(options.resolve)),
        message_identifiers_(std::clamp<size_t>(options.message_identifiers, 1, 1000)),
        window_(message_identifiers_ * std::clamp<size_t>(options.window_messages, 1, 64)) {}

  bool HasMessage() override {
    Fill();
    return !to_send_.empty();
  }

  void TakeMessage(v1::StreamResolveRequest* message) override {
    *message->mutable_options() = options_;
    std::vector<uint64_t>& asked = in_flight_.emplace_back();
    while (!to_send_.empty() && asked.size() < message_identifiers_) {
      message->add_identifiers(At(to_send_.front()).identifier);
      asked.push_back(to_send_.front());
      to_send_.pop_front();
    }
  }

  bool Answered(const v1::StreamResolveResponse& response) override {
    if (static_cast<size_t>(response.outcomes_size()) != in_flight_.front().size()) return false;
    const std::vector<uint64_t> asked = std::move(in_flight_.front());
    in_flight_.pop_front();
    std::vector<uint64_t> rest;
    for (size_t i = 0; i < asked.size(); ++i) {
      const v1::ResolveOutcome& outcome = response.outcomes(static_cast<int>(i));
      if (IsRest(outcome)) {
        rest.push_back(asked[i]);
      } else {
        At(asked[i]).outcome = FromProto(outcome);
      }
    }
    // Nothing but rests would go on for ever.
    if (rest.size() == asked.size()) return false;
    to_send_.insert(to_send_.begin(), rest.begin(), rest.end());
    Deliver();
    return true;
  }

  void Broken(bool) override {
    for (auto message = in_flight_.rbegin(); message != in_flight_.rend(); ++message) {
      to_send_.insert(to_send_.begin(), message->begin(), message->end());
    }
    in_flight_.clear();
  }

  bool Done() override {
    Fill();
    return exhausted_ && waiting_.empty();
  }

 private:
  struct Asked {
    std::string identifier;
    std::optional<ResolveOutcome> outcome;
  };

  Asked& At(uint64_t index) { return waiting_[index - first_index_]; }

  // Takes identifiers until the next message is full or the window is.
  void Fill() {
    while (!exhausted_ && to_send_.size() < message_identifiers_ && waiting_.size() < window_) {
      std::optional<std::string> identifier = next_();
      if (!identifier) {
        exhausted_ = true;
        break;
      }
      Asked asked{*std::move(identifier), std::nullopt};
      if (IsUtf8(asked.identifier)) {
        to_send_.push_back(first_index_ + waiting_.size());
      } else {
        asked.outcome = NotUtf8(asked.identifier);
      }
      waiting_.push_back(std::move(asked));
      Deliver();
    }
  }

  void Deliver() {
    while (!waiting_.empty() && waiting_.front().outcome) {
      ResolveOutcome outcome = *std::move(waiting_.front().outcome);
      waiting_.pop_front();
      ++first_index_;
      on_outcome_(std::move(outcome));
    }
  }

  const std::function<std::optional<std::string>()>& next_;
  const std::function<void(ResolveOutcome)>& on_outcome_;
  const v1::ResolveOptions options_;
  const size_t message_identifiers_;
  const size_t window_;
  std::deque<Asked> waiting_;  // from first_index_ on, not yet handed out
  uint64_t first_index_ = 0;
  std::deque<uint64_t> to_send_;
  std::deque<std::vector<uint64_t>> in_flight_;
  bool exhausted_ = false;
};

}  // namespace

bool IsRest(const v1::ResolveOutcome& outcome) {
  return outcome.has_error() && FromProto(outcome.error()).reason == "RETRY_REST";
}

ResolveOutcome FromProto(const v1::ResolveOutcome& outcome) {
  if (outcome.has_error()) return {outcome.identifier(), FromProto(outcome.error())};
  return {outcome.identifier(), FromProto(outcome.response())};
}

ResolveOutcome NotUtf8(const std::string& identifier) {
  return {identifier, Status{StatusCode::kInvalidArgument,
                             "the identifier is not UTF-8",
                             "IDENTIFIER_MALFORMED",
                             {{"fault", "not UTF-8"}}}};
}

Status StreamResolveMany(Stub& stub, const std::function<std::optional<std::string>()>& next,
                         const ResolveManyOptions& options,
                         const std::function<void(ResolveOutcome)>& on_outcome,
                         const RetryOptions& retry, std::chrono::milliseconds silence_max) {
  ResolveSource source(next, options, on_outcome);
  Signal signal;
  Pump<v1::StreamResolveRequest, v1::StreamResolveResponse> pump(
      [&stub](Signal* to) { return stub.OpenResolveWire(to); }, &source, &signal, retry,
      {std::clamp<size_t>(options.window_messages, 1, 64), silence_max});
  return pump.Run();
}

}  // namespace gusu
