// A registry with everybody who takes part in a conversation: an enterprise, another one, somebody
// who knows no secret of theirs, and anybody.
#pragma once

#include <string>

#include "tests/e2e/conversation/door_client.h"

namespace gusu::e2e {

class World {
 public:
  // The enterprise holds one prefix for each of kDoors that writes; PrefixOf(i) is of kDoors[i].
  World();

  const ServerProcess& server() const { return server_; }
  std::string PrefixOf(size_t door) const { return "88.118." + std::to_string(10 + door); }

  Speaker owner;
  Speaker other;  // of another enterprise
  Speaker liar;   // says that it is the enterprise
  Speaker anybody;

 private:
  ServerProcess server_;
};

// A value of a record as text: `1:URL=https://example.com`, with ` (owner)` behind one that is not
// public, and ` ttl 60` behind another lifetime than a day's.
std::string ToText(const Item& item);
// `OK` and what was told, or the refusal. `prefix` is written as P, identifiers sorted.
std::string ToText(const Said& said, const std::string& prefix);

}  // namespace gusu::e2e
