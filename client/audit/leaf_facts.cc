#include "client/audit/leaf_facts.h"

#include <cstring>
#include <iterator>

#include "proto/hash.h"

namespace gusu {
namespace {

constexpr size_t kSaltBytes = 16;

}  // namespace

LeafFacts::LeafFacts() : salt_(RandomBytes(kSaltBytes)) {}

uint64_t LeafFacts::Fingerprint(std::string_view resource) const {
  const Hash hash = Sha256({salt_, resource});
  uint64_t fingerprint = 0;
  std::memcpy(&fingerprint, hash.data(), sizeof fingerprint);
  return fingerprint;
}

void LeafFacts::Set(uint64_t leaf_index, uint64_t resource_fingerprint, uint64_t revision) {
  if (leaf_index >= facts_.size()) facts_.resize(leaf_index + 1);
  facts_[leaf_index] = {resource_fingerprint, revision, kOpened};
}

void LeafFacts::SetPatterns(uint64_t leaf_index, std::string_view prefix_key) {
  Mark(leaf_index, kPatterns);
  patterns_[leaf_index] = Fingerprint(prefix_key);
}

bool LeafFacts::HasPatterns(uint64_t leaf_index, std::string_view prefix_key) const {
  const auto found = patterns_.find(leaf_index);
  return found != patterns_.end() && found->second == Fingerprint(prefix_key);
}

std::optional<uint32_t> OfTier(LeafFacts::Flag group, std::string_view label) {
  for (size_t i = 0; i < std::size(kTierLabels); ++i) {
    if (label == kTierLabels[i]) return static_cast<uint32_t>(group) << i;
  }
  return std::nullopt;
}

}  // namespace gusu
