// How many connections there are, in all and of each address. May be called from any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"

namespace gusu::server {

class Admission {
 public:
  // Of the server's own machine up to `connections_max`.
  Admission(size_t connections_max, size_t connections_of_address_max)
      : connections_max_(connections_max),
        connections_of_address_max_(connections_of_address_max) {}

  // Whether there may be one more; `peer` is a numeric address.
  bool Enter(const std::string& peer);
  // For each one that entered.
  void Leave(const std::string& peer);

  size_t count() const;
  void WaitForNone(absl::Duration patience);

 private:
  const size_t connections_max_;
  const size_t connections_of_address_max_;
  mutable std::mutex mutex_;
  std::condition_variable none_left_;
  size_t count_ = 0;
  std::unordered_map<std::string, size_t> of_address_;
};

}  // namespace gusu::server
