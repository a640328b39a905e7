#include "client/cli/bench_http.h"
#include "client/cli/bench_http_message.h"
#include "client/cli/bench_pipeline.h"

namespace gusu::cli {
namespace {

class HttpRequests : public PipelinedRequests {
 public:
  HttpRequests(const std::vector<std::string>& requests, size_t first_index)
      : requests_(requests), next_index_(first_index) {}

  void Add(std::string* bytes) override {
    bytes->append(requests_[next_index_++ % requests_.size()]);
  }

  Result<size_t> Take(std::string_view received, Status* outcome) override {
    const auto answer = ReadHttpAnswer(received);
    if (!answer.ok()) return answer.status();
    if (!answer->has_value()) return size_t{0};
    *outcome = StatusOfHttpAnswer(**answer);
    return (*answer)->bytes;
  }

 private:
  const std::vector<std::string>& requests_;
  size_t next_index_;
};

}  // namespace

Measured RunHttpLoop(const HttpLoad& load, size_t worker, Budget* budget) {
  HttpRequests requests(load.requests, worker * kWorkerStep);
  return RunPipeline(load.server, load.outstanding, &requests, budget);
}

}  // namespace gusu::cli
