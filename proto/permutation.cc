#include "proto/permutation.h"

#include <bit>

#include "proto/hash.h"

namespace gusu {
namespace {

constexpr int kRounds = 10;

class Network {
 public:
  Network(uint64_t bound, std::string_view key)
      : half_bits_(static_cast<int>((std::bit_width(bound - 1) + 1) / 2)), key_(key) {}

  uint64_t Forward(uint64_t number) const {
    uint64_t left = number >> half_bits_, right = number & mask();
    for (int round = 0; round < kRounds; ++round) {
      const uint64_t next = left ^ RoundOf(round, right);
      left = right;
      right = next;
    }
    return left << half_bits_ | right;
  }

  uint64_t Backward(uint64_t number) const {
    uint64_t left = number >> half_bits_, right = number & mask();
    for (int round = kRounds; round-- > 0;) {
      const uint64_t previous = right ^ RoundOf(round, left);
      right = left;
      left = previous;
    }
    return left << half_bits_ | right;
  }

 private:
  uint64_t mask() const { return (uint64_t{1} << half_bits_) - 1; }

  uint64_t RoundOf(int round, uint64_t half) const {
    char input[9];
    input[0] = static_cast<char>(round);
    for (int i = 0; i < 8; ++i) input[i + 1] = static_cast<char>(half >> (56 - 8 * i));
    const Hash hash = Sha256({"gusu.permutation.v1\n", key_, {input, sizeof(input)}});
    uint64_t out = 0;
    for (int i = 0; i < 8; ++i) out = out << 8 | hash[static_cast<size_t>(i)];
    return out & mask();
  }

  const int half_bits_;
  const std::string_view key_;
};

}  // namespace

uint64_t Permute(uint64_t number, uint64_t bound, std::string_view key) {
  const Network network(bound, key);
  do {
    number = network.Forward(number);
  } while (number >= bound);
  return number;
}

uint64_t Unpermute(uint64_t permuted, uint64_t bound, std::string_view key) {
  const Network network(bound, key);
  do {
    permuted = network.Backward(permuted);
  } while (permuted >= bound);
  return permuted;
}

}  // namespace gusu
