#include <deque>

#include "client/cli/bench_handle.h"
#include "client/cli/bench_handle_message.h"
#include "client/cli/bench_pipeline.h"

namespace gusu::cli {
namespace {

class HandleRequests : public PipelinedRequests {
 public:
  HandleRequests(const HandleLoad& load, size_t first_index)
      : load_(load), next_index_(first_index) {}

  void Add(std::string* bytes) override {
    const std::string& code = load_.codes[next_index_++ % load_.codes.size()];
    next_id_ = (next_id_ & 0x7fff'fffe) + 1;
    EncodeResolve(code, next_id_, &request_);
    bytes->append(request_);
    asked_.push_back({next_id_, &code});
  }

  Result<size_t> Take(std::string_view received, Status* outcome) override {
    if (received.size() < handle::kEnvelopeBytes) return size_t{0};
    const std::optional<handle::Envelope> envelope = handle::DecodeEnvelope(received);
    if (!envelope) return UnreachableStatus(load_.server, "what it answers has no envelope");
    const size_t bytes = handle::kEnvelopeBytes + envelope->message_bytes;
    if (received.size() < bytes) return size_t{0};
    const Asked asked = asked_.front();
    if (envelope->request_id != asked.request_id) {
      return UnreachableStatus(load_.server, "it answers another request than the oldest");
    }
    asked_.pop_front();
    *outcome = CheckResolved(*asked.code, *envelope,
                             received.substr(handle::kEnvelopeBytes, envelope->message_bytes));
    return bytes;
  }

 private:
  struct Asked {
    uint32_t request_id;
    const std::string* code;
  };

  const HandleLoad& load_;
  size_t next_index_;
  std::deque<Asked> asked_;  // oldest first, `outstanding` at most
  std::string request_;
  uint32_t next_id_ = 0;
};

}  // namespace

Measured RunHandleTcpLoop(const HandleLoad& load, size_t worker, Budget* budget) {
  HandleRequests requests(load, worker * kWorkerStep);
  return RunPipeline(load.server, load.outstanding, &requests, budget);
}

}  // namespace gusu::cli
