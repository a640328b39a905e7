// How many connections there are, in all and of each address (of IPv6 its first 64 bits). May be
// called from any thread.
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
  // How things stand once somebody has asked to enter.
  enum class Entry {
    kRefused,  // a bound is reached
    kTaken,
    kAddressCrowded,  // taken; of the peer's address there is room for few more
    kCrowded,         // taken; there is room for few more in all
  };

  // Of the server's own machine up to `connections_max`.
  Admission(size_t connections_max, size_t connections_of_address_max)
      : connections_max_(connections_max),
        connections_of_address_max_(connections_of_address_max) {}

  // One more, if there may be one; `peer` is a numeric address.
  Entry Enter(const std::string& peer);
  // For each one that was taken.
  void Leave(const std::string& peer);

  size_t count() const;
  void WaitForNone(absl::Duration patience);

 private:
  const size_t connections_max_;
  const size_t connections_of_address_max_;
  mutable std::mutex mutex_;
  std::condition_variable none_left_;
  size_t count_ = 0;
  std::unordered_map<std::string, size_t> of_address_;  // by AddressGroup
};

}  // namespace gusu::server
