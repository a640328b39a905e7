// Who administers handles, once it is proved.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "server/caller.h"
#include "server/handle_identity.h"

namespace gusu::server {

struct Administrator {
  Caller caller;
  // Of the identity, as sent; empty: proved by a token, which HS_ADMIN has no word for.
  std::string handle;
  uint32_t index = 0;

  HandleIdentity identity() const { return {handle, index}; }
  // Whether HS_ADMIN of a handle has a say in what it may do.
  bool is_bound_by_handle() const { return !handle.empty(); }
};

}  // namespace gusu::server
