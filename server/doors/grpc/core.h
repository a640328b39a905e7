// What every call of the gRPC door goes through: who asks, and where the answer is worked out.
#pragma once

#include <grpcpp/server_context.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/access.h"
#include "server/doors/grpc/door.h"
#include "server/doors/grpc/stream_set.h"
#include "server/work_pool.h"

namespace gusu::server {

class Core {
 public:
  explicit Core(const GrpcDoor::Rules& rules) : rules_(rules) {}

  const GrpcDoor::Rules& rules() const { return rules_; }
  StreamSet& streams() { return streams_; }

  // The caller, if it may call the method at all, and now: callers without a credential are limited
  // by address. `cost` is how many identifiers the call asks for; 0 is not limited.
  absl::StatusOr<Caller> Admit(Method method, const grpc::ServerContextBase& context,
                               size_t cost) const;

  // Runs `task` here, or on the pool when there is one. kResourceExhausted, without running it,
  // when the pool's queue is full.
  template <typename Task>
  absl::Status Run(Task task) const {
    if (rules_.pool == nullptr) {
      task();
      return absl::OkStatus();
    }
    return rules_.pool->Submit(std::move(task)) ? absl::OkStatus() : PoolFull();
  }

 private:
  static absl::Status PoolFull();

  const GrpcDoor::Rules rules_;
  StreamSet streams_;
};

// How many identifiers a request asks for, at least 1; of a page of the log one for each 100
// entries.
template <typename Request>
size_t CostOf(const Request& request) {
  if constexpr (requires { request.identifiers_size(); }) {
    return static_cast<size_t>(std::max(request.identifiers_size(), 1));
  } else if constexpr (requires { request.start_leaf_index() + request.page_size(); }) {
    return std::clamp<size_t>(request.page_size() / 100, 1, 10);
  } else {
    return 1;
  }
}

// Numeric address without port of gRPC's peer text, `ipv4:192.0.2.1:5000` or `ipv6:%5B::1%5D:5000`;
// other texts are returned as they are.
std::string PeerAddress(std::string_view peer);

}  // namespace gusu::server
