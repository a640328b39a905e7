// What the writes of serial ranges share.
#pragma once

#include <string>

#include "proto/change.h"
#include "server/submission.h"

namespace gusu::server {

// A change of the actor's, with both reasons when the bureau acts for a registrant.
Change ChangeBy(const Actor& actor, const std::string& reason);

}  // namespace gusu::server
