// Canonical bytes of a transfer: what its commitment binds.
#pragma once

#include <string>
#include <vector>

#include "proto/change.h"

namespace gusu::storage::v1 {
class TransferRow;
}

namespace gusu {

// All of a transfer but its id (the opening's resource), its salt and its times and request.
std::string CanonicalBody(const storage::v1::TransferRow& transfer);

// A fresh salt, and the commitment made with it.
std::vector<Commitment> Seal(storage::v1::TransferRow& transfer);

}  // namespace gusu
