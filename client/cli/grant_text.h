// Grants and their parts as people write and read them.
#pragma once

#include <string>

#include "client/cli/session.h"
#include "gusu/grant.h"

namespace gusu::cli {

void PrintGrant(Session& session, const Grant& grant);
// `registrants/sz-metro`, `group registrants/sz-pumps/groups/dealers`, `code 9132… (USCC)`.
std::string ToGranteeText(const Grantee& grantee);
// `88.118.8`, `88.118.8/LOT-…`, `templates/x in 88.118.8`, `88.118.8/HP-1 and 4 more`, …
std::string ToScopeText(const GrantScope& scope);
// `read PARTNER, write note, append events`.
std::string ToRightsText(const Rights& rights);

// `sz-pumps/dealers` is registrants/sz-pumps/groups/dealers; so with grants. A resource name stays.
std::string WithParent(const std::string& collection, const std::string& name);

}  // namespace gusu::cli
