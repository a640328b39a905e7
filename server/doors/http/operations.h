// What operators and their machines ask: /healthz, /readyz and /metrics.
//
//   /healthz   200 as long as the process serves
//   /readyz    200, or 503 with the reason: writes fail, or the server is stopping
//   /metrics   figures for Prometheus; from the server's own machine, or with the bureau's
//   credential
#pragma once

#include <atomic>

#include "server/doors/http/call.h"
#include "server/doors/http/core.h"

namespace gusu::server {

class OperationsArea final : public HttpArea {
 public:
  // The core outlives it.
  explicit OperationsArea(const HttpCore* core) : core_(core) {}

  void Answer(const HttpCall& call) override;
  void Drain() override { draining_ = true; }

 private:
  HttpResponse Readiness() const;
  HttpResponse Figures(const HttpRequest& request) const;

  const HttpCore* const core_;
  std::atomic<bool> draining_ = false;
};

}  // namespace gusu::server
