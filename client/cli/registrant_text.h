// Registrants as people read them.
#pragma once

#include "client/cli/session.h"
#include "gusu/registrant.h"

namespace gusu::cli {

// What it is, its designations, and of an amendment what would change.
void PrintRegistrant(Session& session, const Registrant& registrant);

}  // namespace gusu::cli
