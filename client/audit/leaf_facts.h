// What is remembered of every leaf while the store is compared with the log: 24 bytes, and some 40
// more of one that allocated a serial range.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gusu {

class LeafFacts {
 public:
  enum Flag : uint32_t {
    kOpened = 1 << 0,            // the opening was shown, and is one
    kApproval = 1 << 1,          // an organisation code goes with it
    kSuperseded = 1 << 2,        // a later leaf of the verified log has it as previous
    kSupersededSince = 1 << 3,   // one that was logged after the checkpoint has
    kRowRead = 1 << 4,           // its row was shown with the entry
    kListedCurrent = 1 << 5,     // its row was listed as the resource's current one
    kListedInHistory = 1 << 6,   // its row was listed as one of history
    kOrganizationCode = 1 << 7,  // the organisation code was listed
    // Groups of three bits, one for each tier.
    kCommitted = 1 << 8,       // the opening binds the tier
    kErased = 1 << 11,         // the row shows the tier as erased
    kErasureLogged = 1 << 14,  // a leaf says that the tier is to be erased
    // Of one bit again.
    kNoRow = 1 << 17,          // the change wrote no row
    kPatterns = 1 << 18,       // patterns of serial ranges go with it
    kPatternsListed = 1 << 19  // they were listed
  };

  LeafFacts();

  // 64 bits that stand for a resource's name. Drawn anew for each verification, so that nobody can
  // choose two names with the same: among 100,000,000 chance makes two in one of 3,000
  // verifications.
  uint64_t Fingerprint(std::string_view resource) const;

  // Marks the leaf kOpened.
  void Set(uint64_t leaf_index, uint64_t resource_fingerprint, uint64_t revision);
  // One more than the greatest leaf that was Set.
  uint64_t size() const { return facts_.size(); }
  // Whether any of the flags is marked.
  bool Has(uint64_t leaf_index, uint32_t flags) const {
    return leaf_index < facts_.size() && (facts_[leaf_index].flags & flags) != 0;
  }
  // From here on: of a leaf that was Set.
  void Mark(uint64_t leaf_index, uint32_t flag) { facts_[leaf_index].flags |= flag; }
  uint64_t resource(uint64_t leaf_index) const { return facts_[leaf_index].resource; }
  uint64_t revision(uint64_t leaf_index) const { return facts_[leaf_index].revision; }
  // Marks the leaf kPatterns: those of the prefix with this key.
  void SetPatterns(uint64_t leaf_index, std::string_view prefix_key);
  // Whether the patterns of this prefix go with the leaf.
  bool HasPatterns(uint64_t leaf_index, std::string_view prefix_key) const;

 private:
  struct Facts {
    uint64_t resource = 0;
    uint64_t revision = 0;
    uint32_t flags = 0;
  };
  std::string salt_;
  std::deque<Facts> facts_;  // grows without ever being copied
  // By leaf, of allocations only: what stands for the prefix.
  std::unordered_map<uint64_t, uint64_t> patterns_;
};

// The tiers, in the order of a group's bits.
inline constexpr const char* kTierLabels[] = {"PUBLIC", "PARTNER", "OWNER"};
// The flag of a group for the tier of that label; nullopt for other labels.
std::optional<uint32_t> OfTier(LeafFacts::Flag group, std::string_view label);

}  // namespace gusu
