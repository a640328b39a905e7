// What was proven and what was only stated, as people read it. Never that a thing is genuine: a log
// knows what was registered, not what a code is stuck on.
#pragma once

#include "client/cli/session.h"
#include "gusu/audit.h"

namespace gusu::cli {

void PrintProvenLeaf(Session& session, const VerifiedLeaf& leaf);
void PrintProvenAnswer(Session& session, const VerifiedAnswer& answer);

}  // namespace gusu::cli
