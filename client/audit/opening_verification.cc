#include "client/audit/opening_verification.h"

#include "proto/opening.h"
#include "proto/range_canonical.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr size_t kSaltBytes = 32;
constexpr char kEraseValues[] = "ERASE_VALUES";
constexpr char kApproveRegistrant[] = "APPROVE_REGISTRANT";
constexpr char kAllocateRange[] = "ALLOCATE_RANGE";
constexpr char kRead[] = "READ";

}  // namespace

OpeningVerification::OpeningVerification(bool all_shown, LeafFacts* facts, PrefixTallies* tallies,
                                         Differences* differences)
    : all_shown_(all_shown), facts_(facts), tallies_(tallies), differences_(differences) {}

void OpeningVerification::Add(uint64_t leaf_index, const EntryOpening& opening,
                              const std::string& what) {
  differences_->Add(Concat("leaf ", leaf_index, " (", ForReader(opening.resource), "): ", what));
}

std::optional<EntryOpening> OpeningVerification::Verify(const LogEntry& entry,
                                                        uint64_t checkpoint_size) {
  const uint64_t index = entry.leaf_index;
  if (entry.opening.empty()) {
    if (all_shown_) differences_->Add(Concat("leaf ", index, ": its opening is not shown"));
    return std::nullopt;
  }
  Result<EntryOpening> opening = ReadOpening(entry.opening);
  if (!opening.ok()) {
    differences_->Add(Concat("leaf ", index, ": opening"), opening.status());
    return std::nullopt;
  }
  const std::optional<uint64_t> commit_time_us = LeafCommitTime(entry.leaf);
  if (entry.salt.size() != kSaltBytes || !commit_time_us ||
      LeafBytes(*commit_time_us, entry.salt, entry.opening) != entry.leaf) {
    Add(index, *opening, "its opening and salt do not open it");
  } else if (opening->revision != *commit_time_us) {
    Add(index, *opening,
        Concat("its opening has revision ", opening->revision, ", and it was committed at ",
               *commit_time_us, " µs"));
  } else {
    ++openings_count_;
  }
  facts_->Set(index, facts_->Fingerprint(opening->resource), opening->revision);
  if (opening->operation == kApproveRegistrant) facts_->Mark(index, LeafFacts::kApproval);
  for (const EntryOpening::Commitment& commitment : opening->commitments) {
    const auto committed = OfTier(LeafFacts::kCommitted, commitment.label);
    if (committed) facts_->Mark(index, *committed);
  }
  CheckKind(index, *opening);
  CheckPrevious(index, *opening, checkpoint_size);
  CheckSequence(index, *opening);
  CheckErasures(index, *opening, checkpoint_size);
  return *std::move(opening);
}

void OpeningVerification::CheckKind(uint64_t leaf_index, const EntryOpening& opening) {
  if (opening.operation == kRead) {
    facts_->Mark(leaf_index, LeafFacts::kNoRow);
    if (opening.previous_leaf_count != 0 || !opening.commitments.empty()) {
      Add(leaf_index, opening, "it is a reading, and says that it changed something");
    }
  }
  for (const EntryOpening::Commitment& commitment : opening.commitments) {
    if (commitment.label != kPatternsLabel) continue;
    if (opening.operation == kAllocateRange) {
      facts_->SetPatterns(leaf_index, PrefixKeyOf(opening.resource));
    } else {
      Add(leaf_index, opening,
          Concat("it binds patterns, and its operation is ", opening.operation));
    }
  }
}

void OpeningVerification::CheckPrevious(uint64_t leaf_index, const EntryOpening& opening,
                                        uint64_t checkpoint_size) {
  if (opening.previous_leaf_count == 0) return;  // that there is none is seen at the end
  const uint64_t previous = opening.previous_leaf_count - 1;
  if (previous >= leaf_index) {
    return Add(leaf_index, opening,
               Concat("it names leaf ", previous, " as the one before, which is not"));
  }
  if (!facts_->Has(previous, LeafFacts::kOpened)) return;  // not shown, or told already
  if (facts_->resource(previous) != facts_->resource(leaf_index)) {
    return Add(leaf_index, opening,
               Concat("it names leaf ", previous,
                      " as its resource's one before, which is another resource's"));
  }
  if (facts_->Has(previous, LeafFacts::kNoRow)) {
    return Add(leaf_index, opening,
               Concat("it names leaf ", previous, " as the one before, which changed nothing"));
  }
  if (facts_->Has(previous, LeafFacts::kSuperseded | LeafFacts::kSupersededSince)) {
    Add(leaf_index, opening,
        Concat("it names leaf ", previous, " as the one before, and so does a leaf before it"));
  }
  const bool since = leaf_index >= checkpoint_size && previous < checkpoint_size;
  facts_->Mark(previous, since ? LeafFacts::kSupersededSince : LeafFacts::kSuperseded);
}

void OpeningVerification::CheckSequence(uint64_t leaf_index, const EntryOpening& opening) {
  const std::string key = PrefixKeyOf(opening.resource);
  if (key.empty()) {
    if (opening.sequence != 0) {
      Add(leaf_index, opening, "it has a sequence number and is below no prefix");
    }
    return;
  }
  auto found = tallies_->find(key);
  if (found == tallies_->end()) {
    if (tallies_->size() == kPrefixesMax) {
      return Add(leaf_index, opening, "it is below one prefix too many to be counted");
    }
    found = tallies_->emplace(key, PrefixTally()).first;
    if (!all_shown_ && opening.sequence > 0) found->second.sequence = opening.sequence - 1;
  }
  PrefixTally& tally = found->second;
  if (opening.sequence != tally.sequence + 1) {
    Add(leaf_index, opening,
        Concat("its sequence number in ", key, " is ", opening.sequence, ", and ",
               tally.sequence + 1, " is due"));
  }
  tally.sequence = opening.sequence;
  const bool is_first = opening.previous_leaf_count == 0 && opening.operation != kRead;
  if (is_first && IsRecordName(opening.resource)) ++tally.record_count;
}

void OpeningVerification::CheckErasures(uint64_t leaf_index, const EntryOpening& opening,
                                        uint64_t checkpoint_size) {
  if (!opening.erasures.empty() && opening.operation != kEraseValues) {
    Add(leaf_index, opening, Concat("it erases values, and its operation is ", opening.operation));
  }
  for (const EntryOpening::Erasure& erasure : opening.erasures) {
    const uint64_t erased = erasure.leaf_index;
    const std::string what = Concat(erasure.label, " of leaf ", erased);
    const auto committed = OfTier(LeafFacts::kCommitted, erasure.label);
    if (erased >= leaf_index || !committed) {
      Add(leaf_index, opening, Concat("it erases ", what, ", which nothing can"));
      continue;
    }
    if (!facts_->Has(erased, LeafFacts::kOpened)) continue;  // not shown, or told already
    if (facts_->resource(erased) != facts_->resource(leaf_index)) {
      Add(leaf_index, opening, Concat("it erases ", what, ", which is another resource's"));
    } else if (!facts_->Has(erased, *committed)) {
      Add(leaf_index, opening, Concat("it erases ", what, ", which never had it"));
    } else {
      facts_->Mark(erased, *OfTier(LeafFacts::kErasureLogged, erasure.label));
      // Rows of leaves before the checkpoint were read after this leaf had been committed.
      if (leaf_index < checkpoint_size && facts_->Has(erased, LeafFacts::kRowRead) &&
          !facts_->Has(erased, *OfTier(LeafFacts::kErased, erasure.label))) {
        Add(leaf_index, opening, Concat("it erases ", what, ", which the store still has"));
      }
    }
  }
}

}  // namespace gusu
