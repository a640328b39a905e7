// The parts of what a change wrote, by their labels.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gusu/proof.h"
#include "gusu/resources.h"

namespace gusu {

inline constexpr std::string_view kBodyLabel = "BODY";

// kUnspecified for other labels.
Tier TierOfLabel(std::string_view label);

// The contents of the parts named, in the order of `labels`; empty for those without. Fails with
// kInvalidArgument / PROOF_INVALID for another label with content, and for a label that stands
// twice.
absl::StatusOr<std::vector<std::string_view>> ContentsOf(
    const std::vector<ContentPart>& parts, const std::vector<std::string_view>& labels);

}  // namespace gusu
