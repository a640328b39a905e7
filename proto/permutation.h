// A permutation of the numbers below a bound, chosen by a secret key: a Feistel network of ten
// rounds over the next even number of bits, walked until it falls below the bound again (Black and
// Rogaway, "Ciphers with arbitrary finite domains", 2002). Rounds are SHA-256 over the key, the
// round and the half. Which number stands where is stored nowhere, so this never changes.
#pragma once

#include <cstdint>
#include <string_view>

namespace gusu {

// `number` below `bound`, `bound` from 2 to 10^18. Takes four walks at most on average.
uint64_t Permute(uint64_t number, uint64_t bound, std::string_view key);
// The number that Permute makes this of.
uint64_t Unpermute(uint64_t permuted, uint64_t bound, std::string_view key);

}  // namespace gusu
