// Follows the audit log over one stream after another.
#pragma once

#include <functional>

#include "client/connection/stub.h"
#include "gusu/audit.h"

namespace gusu {

// On the calling thread, until `on_event` returns false. `silence_max`: how long the server may
// bring nothing, while nothing keeps it from doing so.
Status StreamWatchEntries(Stub& stub, const WatchEntriesRequest& request,
                          const std::function<bool(WatchEvent)>& on_event,
                          const RetryOptions& retry, std::chrono::milliseconds silence_max);

}  // namespace gusu
