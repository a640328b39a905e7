// Canonical bytes and commitment of a template.
#pragma once

#include <string>
#include <vector>

#include "proto/change.h"

namespace gusu::storage::v1 {
class TemplateRow;
}

namespace gusu {

// All of a template but its id (the opening's resource), its salt, its times of writing and its
// request: what the commitment BODY binds.
std::string CanonicalBody(const storage::v1::TemplateRow& row);

// A fresh salt, and the commitment made with it.
std::vector<Commitment> Seal(storage::v1::TemplateRow& row);

}  // namespace gusu
