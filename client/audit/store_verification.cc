#include "client/audit/store_verification.h"

#include <algorithm>

#include "proto/canonical.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr char kBody[] = "BODY";
constexpr char kCounters[] = "counters";
constexpr char kOrganizationCodes[] = "organization_codes";
constexpr char kRangePatterns[] = "range_patterns";
constexpr char kAllocateRange[] = "ALLOCATE_RANGE";

std::string At(uint64_t leaf_index, const std::string& resource) {
  return Concat("leaf ", leaf_index, " (", ForReader(resource), ")");
}

std::string At(const StoredRow& row) {
  return Concat("row of ", ForReader(row.resource), " in ", row.table, " of revision ",
                row.revision);
}

// How many codes a serial range has, by the canonical bytes of its BODY; 0 for other bytes.
uint64_t CodesOf(const std::string& body) {
  constexpr uint8_t kVersion = 1, kFirstSerialTag = 4, kLastSerialTag = 5;
  absl::StatusOr<CanonicalReader> reader = CanonicalReader::Open(body, kVersion);
  if (!reader.ok()) return 0;
  uint64_t first = 0, last = 0;
  while (true) {
    const auto field = reader->Next();
    if (!field.ok()) return 0;
    if (!field->has_value()) break;
    if ((*field)->tag != kFirstSerialTag && (*field)->tag != kLastSerialTag) continue;
    const absl::StatusOr<uint64_t> number = CanonicalReader::NumberOf(**field);
    if (!number.ok()) return 0;
    ((*field)->tag == kFirstSerialTag ? first : last) = *number;
  }
  return first == 0 || last < first ? 0 : last - first + 1;
}

}  // namespace

StoreVerification::StoreVerification(uint64_t checkpoint_size, LeafFacts* facts,
                                     PrefixTallies* tallies, Differences* differences)
    : checkpoint_size_(checkpoint_size),
      facts_(facts),
      tallies_(tallies),
      differences_(differences) {}

void StoreVerification::CheckRow(const LogEntry& entry, const EntryOpening& opening) {
  const std::string at = At(entry.leaf_index, opening.resource);
  if (facts_->Has(entry.leaf_index, LeafFacts::kNoRow)) {
    if (entry.row) differences_->Add(at + ": it has a row, and a reading writes none");
    return;
  }
  if (!entry.row) return differences_->Add(at + ": its row is not shown");
  const StoredRow& row = *entry.row;
  if (!row.error.ok()) return differences_->Add(at, row.error);
  if (row.resource != opening.resource || row.revision != opening.revision ||
      row.leaf_index != entry.leaf_index) {
    return differences_->Add(Concat(at, ": its row is of ", ForReader(row.resource), ", revision ",
                                    row.revision, ", leaf ", row.leaf_index));
  }
  facts_->Mark(entry.leaf_index, LeafFacts::kRowRead);
  CheckParts(entry, opening);
  if (opening.operation == kAllocateRange) CountCodes(entry, opening);
}

void StoreVerification::CountCodes(const LogEntry& entry, const EntryOpening& opening) {
  const auto tally = tallies_->find(PrefixKeyOf(opening.resource));
  if (tally == tallies_->end()) return;
  for (const ContentPart& part : entry.row->parts) {
    if (part.label == kBody) tally->second.range_code_count += CodesOf(part.content);
  }
}

void StoreVerification::CheckParts(const LogEntry& entry, const EntryOpening& opening) {
  const std::vector<ContentPart>& parts = entry.row->parts;
  const auto part_of = [&parts](const std::string& label) {
    return std::find_if(parts.begin(), parts.end(),
                        [&label](const ContentPart& part) { return part.label == label; });
  };
  for (const EntryOpening::Commitment& commitment : opening.commitments) {
    const auto part = part_of(commitment.label);
    if (part == parts.end()) {
      differences_->Add(
          Concat(At(entry.leaf_index, opening.resource), ": its row has no ", commitment.label));
    } else {
      CheckPart(entry.leaf_index, opening, commitment, *part);
    }
  }
  for (const ContentPart& part : parts) {
    const bool bound = std::any_of(
        opening.commitments.begin(), opening.commitments.end(),
        [&part](const EntryOpening::Commitment& each) { return each.label == part.label; });
    if (!bound || part_of(part.label) != parts.begin() + (&part - parts.data())) {
      differences_->Add(Concat(At(entry.leaf_index, opening.resource), ": its row has ", part.label,
                               ", which its opening does not bind"));
    }
  }
}

void StoreVerification::CheckPart(uint64_t leaf_index, const EntryOpening& opening,
                                  const EntryOpening::Commitment& commitment,
                                  const ContentPart& part) {
  if (part.erased) {
    const auto erased = OfTier(LeafFacts::kErased, part.label);
    if (erased) return facts_->Mark(leaf_index, *erased);
    return differences_->Add(Concat(At(leaf_index, opening.resource), ": its ", part.label,
                                    " is erased, which nothing can"));
  }
  const bool by_server = part.salt.empty() && !part.commitment.empty();
  const bool fits = by_server ? part.commitment == commitment.hash
                              : AsBytes(CommitmentHash(part.salt, part.content)) == commitment.hash;
  if (!fits) {
    return differences_->Add(Concat(At(leaf_index, opening.resource), ": ", part.label,
                                    " in the store is not what the opening binds"));
  }
  ++(by_server ? parts_by_server_count_ : parts_count_);
}

void StoreVerification::KeepTallies() {
  for (auto& [key, tally] : *tallies_) {
    tally.sequence_then = tally.sequence;
    tally.record_count_then = tally.record_count;
  }
}

void StoreVerification::List(const StoredRow& row) {
  listed_ = true;
  ++listed_count_;
  if (!row.error.ok()) {
    // Not a row, but the place where the listing of a table had to end.
    if (row.revision == 0) cut_ = true;
    const std::string whose =
        row.resource.empty() ? "" : "row of " + ForReader(row.resource) + " in ";
    return differences_->Add(Concat(whose, "table ", row.table), row.error);
  }
  if (row.table == kCounters) return ListCounters(row);
  if (row.leaf_index >= checkpoint_size_) {
    if (newer_rows_.size() < kNewerRowsMax) {
      newer_rows_.push_back({row.table, row.resource, row.revision, row.leaf_index});
    }
    return;
  }
  // Of a leaf that could not be opened it was told already.
  if (!facts_->Has(row.leaf_index, LeafFacts::kOpened)) return;
  if (row.table == kRangePatterns) return ListPatterns(row);
  if (!IsNamedByItsLeaf(row)) return;
  if (row.table == kOrganizationCodes) return ListOrganizationCode(row);
  const auto flag = row.current ? LeafFacts::kListedCurrent : LeafFacts::kListedInHistory;
  if (facts_->Has(row.leaf_index, flag)) {
    return differences_->Add(Concat(At(row), ": there is another row of the same revision"));
  }
  facts_->Mark(row.leaf_index, flag);
  ++rows_count_;
}

bool StoreVerification::IsNamedByItsLeaf(const StoredRow& row) {
  if (facts_->resource(row.leaf_index) == facts_->Fingerprint(row.resource) &&
      facts_->revision(row.leaf_index) == row.revision) {
    return true;
  }
  differences_->Add(
      Concat(At(row), ": its leaf, ", row.leaf_index, ", is of another resource or revision"));
  return false;
}

// They are another row of the change that allocated a range below their prefix.
void StoreVerification::ListPatterns(const StoredRow& row) {
  if (!ArePatternsOfTheirLeaf(row.resource, row.revision, row.leaf_index)) {
    differences_->Add(
        Concat(At(row), ": its leaf, ", row.leaf_index, ", allocated nothing there then"));
  } else if (facts_->Has(row.leaf_index, LeafFacts::kPatternsListed)) {
    differences_->Add(Concat(At(row), ": there is another row of the same revision"));
  } else {
    facts_->Mark(row.leaf_index, LeafFacts::kPatternsListed);
    ++rows_count_;
  }
}

bool StoreVerification::ArePatternsOfTheirLeaf(const std::string& prefix, uint64_t revision,
                                               uint64_t leaf_index) const {
  return facts_->HasPatterns(leaf_index, PrefixKeyOf(prefix)) &&
         facts_->revision(leaf_index) == revision;
}

void StoreVerification::ListOrganizationCode(const StoredRow& row) {
  if (!facts_->Has(row.leaf_index, LeafFacts::kApproval)) {
    differences_->Add(Concat(At(row), ": its leaf, ", row.leaf_index, ", is no approval"));
  } else if (facts_->Has(row.leaf_index, LeafFacts::kOrganizationCode)) {
    differences_->Add(Concat(At(row), ": the registrant has another organisation code"));
  } else {
    facts_->Mark(row.leaf_index, LeafFacts::kOrganizationCode);
    ++rows_count_;
  }
}

void StoreVerification::ListCounters(const StoredRow& row) {
  const std::string key = PrefixKeyOf(row.resource);
  if (tallies_->size() == kPrefixesMax && !tallies_->contains(key)) return;
  PrefixTally& tally = (*tallies_)[key];
  if (tally.listed) differences_->Add(row.resource + ": its counters stand twice in the store");
  tally.listed = true;
  tally.listed_sequence = row.sequence;
  tally.listed_record_count = row.record_count;
  tally.listed_range_code_count = row.range_code_count;
}

std::string StoreVerification::FaultOfLeaf(uint64_t leaf_index) const {
  const auto has = [this, leaf_index](uint32_t flag) { return facts_->Has(leaf_index, flag); };
  for (const char* label : kTierLabels) {
    if (has(*OfTier(LeafFacts::kErased, label)) &&
        !has(*OfTier(LeafFacts::kErasureLogged, label))) {
      return Concat("its ", label, " values are gone from the store, and no leaf erased them");
    }
  }
  // Without the row, or without a listing, there is nothing more to compare.
  if (!listed_ || !has(LeafFacts::kRowRead)) return "";
  const bool current = has(LeafFacts::kListedCurrent);
  const bool in_history = has(LeafFacts::kListedInHistory);
  const bool moved_since = has(LeafFacts::kSupersededSince);
  if (current && has(LeafFacts::kSuperseded)) {
    return "its row is the store's current one, and a later leaf follows it";
  }
  if (in_history && !has(LeafFacts::kSuperseded | LeafFacts::kSupersededSince)) {
    return "its row is one of history, and no later leaf follows it";
  }
  if (current && in_history && !moved_since) return "its row stands twice in the store";
  if (cut_) return "";
  if (!current && !in_history && !moved_since) return "its row is not among those of the store";
  if (has(LeafFacts::kApproval) && !has(LeafFacts::kOrganizationCode)) {
    return "its organisation code is not in the store";
  }
  if (has(LeafFacts::kPatterns) && !has(LeafFacts::kPatternsListed)) {
    return "the patterns of its prefix are not in the store";
  }
  return "";
}

std::string StoreVerification::FaultOfTally(const PrefixTally& tally, bool cut) {
  const auto fault = [](const char* what, uint64_t listed, uint64_t then, uint64_t now) {
    if (then <= listed && listed <= now) return std::string();
    return Concat("the store counts ", listed, " ", what, ", and the log has ", now);
  };
  if (!tally.listed) return cut || tally.sequence_then == 0 ? "" : "its counters are missing";
  const std::string changes =
      fault("changes", tally.listed_sequence, tally.sequence_then, tally.sequence);
  if (!changes.empty()) return changes;
  const std::string records =
      fault("records", tally.listed_record_count, tally.record_count_then, tally.record_count);
  if (!records.empty()) return records;
  // What was allocated after the checkpoint is not read: then there may be more.
  const bool is_of_then = tally.listed_sequence == tally.sequence_then;
  if (tally.listed_range_code_count == tally.range_code_count) return "";
  if (tally.listed_range_code_count > tally.range_code_count && !is_of_then) return "";
  return Concat("the store counts ", tally.listed_range_code_count,
                " codes of serial ranges, and the rows of their allocations make ",
                tally.range_code_count);
}

void StoreVerification::TellLeaves(const Tell& tell) const {
  const uint64_t end = std::min(checkpoint_size_, facts_->size());
  for (uint64_t leaf_index = 0; leaf_index < end; ++leaf_index) {
    if (!facts_->Has(leaf_index, LeafFacts::kOpened)) continue;
    const std::string fault = FaultOfLeaf(leaf_index);
    if (!fault.empty() && !tell(leaf_index, fault)) return;
  }
}

bool StoreVerification::IsExplained() {
  bool explained = newer_rows_.empty();
  TellLeaves([&explained](uint64_t, const std::string&) { return explained = false; });
  for (const auto& [key, tally] : *tallies_) {
    explained = explained && (!listed_ || FaultOfTally(tally, cut_).empty());
  }
  return explained;
}

void StoreVerification::AddUnexplained(
    const std::function<std::string(uint64_t leaf_index)>& name_of) {
  TellLeaves([&](uint64_t leaf_index, const std::string& fault) {
    differences_->Add(At(leaf_index, name_of(leaf_index)) + ": " + fault);
    return !differences_->full();
  });
  AddNewerRows();
  AddSecondBeginnings(name_of);
  if (listed_) {
    for (const auto& [key, tally] : *tallies_) {
      const std::string fault = FaultOfTally(tally, cut_);
      if (!fault.empty()) differences_->Add(Concat("prefixes/", key, ": ", fault));
    }
  }
  for (uint64_t leaf_index = 0; leaf_index < checkpoint_size_; ++leaf_index) {
    for (const char* label : kTierLabels) {
      erased_count_ += facts_->Has(leaf_index, *OfTier(LeafFacts::kErased, label)) ? 1 : 0;
    }
  }
}

void StoreVerification::AddNewerRows() {
  for (const NewerRow& row : newer_rows_) {
    const bool named =
        row.table == kRangePatterns
            ? ArePatternsOfTheirLeaf(row.resource, row.revision, row.leaf_index)
            : facts_->Has(row.leaf_index, LeafFacts::kOpened) &&
                  facts_->resource(row.leaf_index) == facts_->Fingerprint(row.resource) &&
                  facts_->revision(row.leaf_index) == row.revision;
    if (named) continue;
    differences_->Add(Concat("row of ", ForReader(row.resource), " in ", row.table, " of revision ",
                             row.revision, ": its leaf, ", row.leaf_index,
                             ", is not in the log, or of another resource"));
  }
}

// A leaf that names none before it, though its resource has one: then two of its leaves are the
// last.
void StoreVerification::AddSecondBeginnings(
    const std::function<std::string(uint64_t leaf_index)>& name_of) {
  std::vector<uint64_t> last;
  for (uint64_t leaf_index = 0; leaf_index < facts_->size(); ++leaf_index) {
    constexpr uint32_t kNotLast =
        LeafFacts::kSuperseded | LeafFacts::kSupersededSince | LeafFacts::kNoRow;
    if (facts_->Has(leaf_index, LeafFacts::kOpened) && !facts_->Has(leaf_index, kNotLast)) {
      last.push_back(leaf_index);
    }
  }
  std::sort(last.begin(), last.end(), [this](uint64_t a, uint64_t b) {
    return std::pair(facts_->resource(a), a) < std::pair(facts_->resource(b), b);
  });
  for (size_t i = 1; i < last.size() && !differences_->full(); ++i) {
    if (facts_->resource(last[i]) != facts_->resource(last[i - 1])) continue;
    differences_->Add(Concat(At(last[i], name_of(last[i])), ": it does not follow leaf ",
                             last[i - 1], ", which is the resource's one before"));
  }
}

}  // namespace gusu
