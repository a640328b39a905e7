// Operation 105: the handles of a prefix, in messages of 50. The next message is made when the peer
// has taken the last one, so that one that does not read costs no more than a message and what of a
// page is left (kPageHandles handles at most). Handles that were deleted are left out.
#pragma once

#include <string>

#include "server/doors/handle/administrator.h"

namespace gusu::server {

class Resolver;

struct HandleListing {
  static constexpr uint32_t kPageHandles = 200;

  // Not owned; outlive every listing.
  const Resolver* resolver = nullptr;
  WorkPool* pool = nullptr;  // where the rest is read; nullptr: the engine does not block

  void List(const std::string& prefix, Caller caller, LateAnswer answer) const;
};

}  // namespace gusu::server
