#include "server/ranges/range_fields.h"

#include "proto/text.h"
#include "server/resource_fields.h"

namespace gusu::server {

Change ChangeBy(const Actor& actor, const std::string& reason) {
  const Acting& acting = actor.acting;
  Change change;
  change.registrant = acting.registrant;
  change.actor = acting.actor;
  change.credential = actor.caller.credential;
  change.on_behalf_of = acting.on_behalf_of;
  change.reason = reason.empty() || acting.reason.empty()
                      ? reason + acting.reason
                      : Concat(reason, " (on behalf: ", acting.reason, ")");
  return change;
}

}  // namespace gusu::server
