// Our statuses as gRPC's.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "server/access.h"

namespace gusu::server {

// The google.rpc.Status that goes into `grpc-status-details-bin`, and the message beside it, stay
// below these; a client takes 8 KiB of trailers by default.
inline constexpr size_t kStatusDetailBytesMax = 4096;
inline constexpr size_t kStatusMessageBytesMax = 1024;

// How a call ends. A status without a reason of ours is a fault of the server: it is logged whole,
// and the caller learns only that there was one.
grpc::Status Conclude(Method method, const absl::Status& status);

}  // namespace gusu::server
