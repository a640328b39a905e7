// What a call counts for against the rate of callers without a credential.
#pragma once

#include <algorithm>
#include <cstddef>

namespace gusu::server {

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

}  // namespace gusu::server
