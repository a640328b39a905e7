// Prefixes as people read them.
#pragma once

#include <string>

#include "client/cli/session.h"
#include "gusu/prefix.h"

namespace gusu::cli {

void PrintPrefix(Session& session, const Prefix& prefix);
// `none`, `1000`, or with what derived prefixes were granted `1000, 300 of it granted`.
std::string ToQuotaText(const Prefix& prefix);

}  // namespace gusu::cli
