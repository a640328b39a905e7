// Which leaves a sample has: the rule of proto/AUDIT.md, "Sampling".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/cli/audit_interval.h"

namespace gusu::cli {

inline constexpr uint64_t kSampleLeavesMax = 100'000;

// In the order in which they are drawn; all leaves, in the log's order, when there are no more than
// `count`. `root`: the 32 bytes of the seed's root. `count` is at most kSampleLeavesMax.
std::vector<uint64_t> DrawLeaves(const std::string& root, const LeafInterval& leaves,
                                 uint64_t count);

}  // namespace gusu::cli
