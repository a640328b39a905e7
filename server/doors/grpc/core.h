// What every call of the gRPC door goes through: who asks, and where the answer is worked out.
#pragma once

#include <grpcpp/server_context.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/access.h"
#include "server/doors/call_cost.h"
#include "server/doors/grpc/door.h"
#include "server/doors/stream_set.h"
#include "server/metrics/call_counter.h"
#include "server/work_pool.h"

namespace gusu::server {

class Core {
 public:
  explicit Core(const GrpcDoor::Rules& rules);

  const GrpcDoor::Rules& rules() const { return rules_; }
  StreamSet& streams() { return streams_; }

  // Of a call, or a message of a stream, that begins now.
  CallTimer Begin(Method method) const { return CallTimer(counters_[static_cast<size_t>(method)]); }

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
  std::array<CallCounter*, kMethodCount> counters_{};  // nullptr: nobody counts
  StreamSet streams_;
};

// Numeric address without port of gRPC's peer text, `ipv4:192.0.2.1:5000` or `ipv6:%5B::1%5D:5000`;
// other texts are returned as they are.
std::string PeerAddress(std::string_view peer);

}  // namespace gusu::server
