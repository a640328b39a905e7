// Operation 1: a message to resolve, and its answer.
#pragma once

#include <utility>

#include "server/doors/handle/call.h"
#include "server/doors/handle/reading.h"

namespace gusu::server {

class HandleAdministration;

class HandleResolve {
 public:
  using Sources = HandleReading::Sources;
  // `sources.site` is given.
  explicit HandleResolve(Sources sources) : reading_(std::move(sources)) {}

  // Answers the call as the caller may read. Aliases are followed for a client that wants public
  // values and not an authoritative answer. Where more exists that it asks for, and it does not ask
  // for public values only, `challenger` is called instead; nullptr: such values are dropped.
  void Resolve(const HandleCall& call, const Caller& caller,
               HandleAdministration* challenger) const;

 private:
  const HandleReading reading_;
};

}  // namespace gusu::server
