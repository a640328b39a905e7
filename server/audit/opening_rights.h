// Who is shown what a change was.
#pragma once

#include "proto/change.h"
#include "server/caller.h"
#include "storage/directory.h"

namespace gusu::server {

// The bureau opens everything; a registrant what was done to it, by it or below its prefixes, as
// the directory has them now; an applicant its own application; everybody what the registry was
// begun as (its settings, the public URL among them), and what was done to a prefix of disclosure
// OPEN and below it, but for what the bureau read there.
bool MayOpen(const Caller& caller, const Change& change, const storage::Directory& directory);

// As the name of a prefix or of a record has it; empty for other resources.
std::string_view PrefixOfResource(std::string_view resource);

}  // namespace gusu::server
