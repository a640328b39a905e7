// The requests that a benchmark of the Handle door sends, and whether an answer is one.
#pragma once

#include <string>
#include <string_view>

#include "gusu/status.h"
#include "proto/handle/envelope.h"

namespace gusu::cli {

inline constexpr size_t kOutstandingMax = 64;

// Over `bytes`: a whole message behind its envelope.
void EncodeResolve(std::string_view code, uint32_t request_id, std::string* bytes);

// `message` is what stands behind the envelope. OK when it tells the code's values.
Status CheckResolved(std::string_view code, const handle::Envelope& envelope,
                     std::string_view message);

}  // namespace gusu::cli
