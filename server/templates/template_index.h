// Which templates a registrant has: an entry of the secondary indexes for each.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "proto/change.h"
#include "storage/view.h"

namespace gusu::server {

// What the keys of a registrant's entries begin with; after it, a template's id as compared.
std::string OwnerEntriesBeginning(std::string_view owner);
IndexEntry OwnerEntry(std::string_view owner, std::string_view id_key);

// kFailedPrecondition / TEMPLATES_TOO_MANY when `owner` has Templates::kPerOwnerMax.
absl::Status CheckTemplateCount(const storage::View& view, std::string_view owner);

}  // namespace gusu::server
