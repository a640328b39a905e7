// Counts the messages of the Handle door, by operation and response code.
#pragma once

#include <map>

#include "proto/handle/protocol.h"
#include "server/metrics/call_counter.h"
#include "server/net/answer.h"

namespace gusu::server {

class Metrics;

// May be called from any thread.
class HandleCallCounts {
 public:
  // Counts nothing.
  HandleCallCounts() = default;
  // `metrics` outlives this.
  explicit HandleCallCounts(Metrics* metrics);

  // A reply that counts a message that came now. An answer of several messages is counted with its
  // last one, a message that is not answered by CallCounter::kNoAnswer.
  Reply Counted(handle::Operation operation, const Reply& reply) const;
  // Of a message whose operation cannot be read.
  Reply CountedAsUnreadable(const Reply& reply) const { return CountedBy(unreadable_, reply); }

 private:
  static Reply CountedBy(CallCounter* counter, const Reply& reply);

  std::map<handle::Operation, CallCounter*> by_operation_;
  CallCounter* other_ = nullptr;
  CallCounter* unreadable_ = nullptr;
};

}  // namespace gusu::server
