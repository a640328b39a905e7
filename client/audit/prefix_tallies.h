// Counts the changes of each prefix as their openings number them, to be compared with the store's
// counters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gusu {

struct PrefixTally {
  uint64_t sequence = 0;      // of the last leaf
  uint64_t record_count = 0;  // registered
  // Codes of serial ranges that were allocated, as the rows of the allocations say.
  uint64_t range_code_count = 0;
  // The same at the checkpoint's size.
  uint64_t sequence_then = 0;
  uint64_t record_count_then = 0;
  // As the store's counters say.
  bool listed = false;
  uint64_t listed_sequence = 0;
  uint64_t listed_record_count = 0;
  uint64_t listed_range_code_count = 0;
};

// By prefix in upper case, which is how prefixes are compared.
using PrefixTallies = std::unordered_map<std::string, PrefixTally>;

// Beyond it, changes of further prefixes are a difference: no registry has as many.
inline constexpr size_t kPrefixesMax = 10'000'000;

// The key of the prefix that a resource is or lies below; empty for other resources.
std::string PrefixKeyOf(std::string_view resource);
bool IsRecordName(std::string_view resource);

}  // namespace gusu
