#include "client/cli/audit_sample_draw.h"

#include <limits>
#include <numeric>
#include <unordered_set>

#include "gusu/secret.h"

namespace gusu::cli {
namespace {

std::string BigEndian(uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
  return bytes;
}

uint64_t DrawnNumber(const std::string& root, uint64_t draw) {
  const std::string hash = Sha256Of("gusu.sample.v1\n" + root + BigEndian(draw));
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(hash[i]);
  return number;
}

}  // namespace

std::vector<uint64_t> DrawLeaves(const std::string& root, const LeafInterval& leaves,
                                 uint64_t count) {
  const uint64_t n = leaves.count();
  if (n <= count) {
    std::vector<uint64_t> all(n);
    std::iota(all.begin(), all.end(), leaves.first);
    return all;
  }
  // 2^64 mod n numbers at the top would make some leaves likelier than others.
  const uint64_t last_even = std::numeric_limits<uint64_t>::max() - (0 - n) % n;
  std::vector<uint64_t> drawn;
  std::unordered_set<uint64_t> known;
  for (uint64_t draw = 0; drawn.size() < count; ++draw) {
    const uint64_t number = DrawnNumber(root, draw);
    if (number > last_even) continue;
    const uint64_t leaf_index = leaves.first + number % n;
    if (known.insert(leaf_index).second) drawn.push_back(leaf_index);
  }
  return drawn;
}

}  // namespace gusu::cli
