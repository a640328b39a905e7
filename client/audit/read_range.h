// A code of a serial range, from the canonical bytes of the range.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gusu/proof.h"
#include "gusu/resources.h"

namespace gusu {

// prefixes/{prefix}/serialRanges/{pattern number}-{last serial}.
bool IsSerialRangeName(std::string_view resource);

struct RangeCodeContent {
  Record record;  // with the code's identifier
  // The pattern permutes its serials under a key that nobody is shown: the code has the pattern's
  // form, and that its serial is one of the range's is not checked.
  bool serial_is_stated = false;
};

// What the range named `resource` says of the code `asked`. kInvalidArgument / PROOF_INVALID when
// the parts are not those of that range, or the code is none of its: by its prefix, its pattern
// (check characters by any of the schemes, since the prefix's is not among the parts) or its
// serial.
absl::StatusOr<RangeCodeContent> ReadRangeParts(const std::string& resource,
                                                const std::vector<ContentPart>& parts,
                                                const std::string& asked);

}  // namespace gusu
