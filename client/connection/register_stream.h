// A RegisterStream over a stub: rows wait in a window until they are answered and taken.
#pragma once

#include <memory>

#include "client/connection/stub.h"
#include "gusu/stream.h"

namespace gusu {

std::unique_ptr<RegisterStream> MakeRegisterStream(std::shared_ptr<Stub> stub,
                                                   RegisterStreamOptions options,
                                                   const RetryOptions& retry,
                                                   std::chrono::milliseconds silence_max);

// A stream that has failed from the start.
std::unique_ptr<RegisterStream> MakeFailedRegisterStream(Status status);

}  // namespace gusu
