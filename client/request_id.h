// What tells a repetition from a second request, for writes that are not told apart by content.
#pragma once

#include "gusu/secret.h"

namespace gusu {

template <typename Request>
void FillRequestId(Request& request) {
  if (request.request_id.empty()) request.request_id = MakeRequestId();
}

}  // namespace gusu
