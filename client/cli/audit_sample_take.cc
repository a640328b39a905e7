#include "client/cli/audit_sample_take.h"

#include <algorithm>
#include <set>
#include <utility>

#include "client/cli/audit_sample_draw.h"
#include "client/cli/progress.h"
#include "proto/papers/csv.h"

namespace gusu::cli {
namespace {

// That the interval is what the server says it is, by the leaves at its ends and those beside them.
MaybeFailure ProveInterval(const Session& session, Client& client, const Sample& sample,
                           const TimeInterval& interval) {
  std::set<uint64_t> at_the_ends = {sample.leaves.first, sample.leaves.end};
  if (sample.leaves.first > 0) at_the_ends.insert(sample.leaves.first - 1);
  if (sample.leaves.end > 0) at_the_ends.insert(sample.leaves.end - 1);
  for (const uint64_t leaf_index : at_the_ends) {
    const OrFailure<ProvenLeaf> leaf = FetchProvenLeaf(session, client, leaf_index, sample.seed);
    if (!leaf.ok()) return leaf.failure();
    if (auto failure =
            CheckPlace(leaf_index, leaf->verified.commit_time_us, sample.leaves, interval)) {
      return failure;
    }
  }
  return std::nullopt;
}

// What a record has from its batch and model: as the server answers, for that time.
OrFailure<std::set<std::string>> InheritedTypes(const Session& session, Client& client,
                                                const Record& record, Timestamp committed) {
  std::set<std::string> types;
  ResolveOptions options;
  options.as_of_time = committed;
  const Result<ResolveAnswer> answer = client.Resolve(record.identifier, options);
  if (!answer) return session.FailureOf(answer.status());
  for (const Value& value : answer->record.values) types.insert(value.type);
  return types;
}

OrFailure<SampledLeaf> LookAt(const Session& session, Client& client, const Sample& sample,
                              uint64_t leaf_index, RecordChecks* checks) {
  const OrFailure<ProvenLeaf> proven = FetchProvenLeaf(session, client, leaf_index, sample.seed);
  if (!proven.ok()) return proven.failure();
  const VerifiedLeaf& leaf = proven->verified;
  if (!leaf.opening) {
    return Failure{ExitCode::kRefused, "ROLE_REFUSED",
                   "leaf " + std::to_string(leaf_index) + " came without its opening",
                   "a sample needs a credential of the bureau: --token-file, or --data DIR"};
  }
  SampledLeaf sampled{leaf_index, leaf.commit_time_us, *leaf.opening, leaf.opening->resource, {}};
  if (sampled.code.find("/records/") == std::string::npos) return sampled;
  Result<Record> record = ReadRecordParts(leaf.opening->resource, leaf.parts);
  if (!record) return LogFailure("leaf " + std::to_string(leaf_index), record.status());
  sampled.code = record->identifier;
  // Whatever else this caller may read.
  std::erase_if(record->values, [](const Value& value) { return value.tier != Tier::kPublic; });
  const Timestamp committed{std::chrono::microseconds(leaf.commit_time_us)};
  std::vector<std::string> missing = MissingAttributes(*record, {});
  if (!missing.empty() && record->instance_of) {
    const auto inherited = InheritedTypes(session, client, *record, committed);
    if (!inherited.ok()) return inherited.failure();
    missing = MissingAttributes(*record, *inherited);
  }
  if (leaf.erased.empty()) {
    sampled.findings = checks->Check(*record, committed, leaf_index, missing);
  } else {
    sampled.findings.push_back({"values-erased", "", "values of this revision were erased"});
  }
  return sampled;
}

}  // namespace

OrFailure<Sample> TakeSample(Session& session, Client& client, KnownCheckpoint seed,
                             const TimeInterval& interval, uint64_t count) {
  const uint64_t size = seed.verified.tree_size;
  const OrFailure<LeafInterval> leaves = FindLeaves(session, client, interval, size);
  if (!leaves.ok()) return leaves.failure();
  Sample sample{std::move(seed), *leaves, {}};
  if (leaves->end >= size) {
    return UsageFailure("the seed, of size " + std::to_string(size) +
                            ", does not show the interval's end: it has no leaf at or after --to",
                        "take a later checkpoint as the seed");
  }
  if (auto failure = ProveInterval(session, client, sample, interval)) return *failure;
  RecordChecks checks;
  Progress progress(session.err(), session.is_watched(), std::min(count, leaves->count()));
  for (const uint64_t leaf_index : DrawLeaves(sample.seed.verified.root, *leaves, count)) {
    OrFailure<SampledLeaf> leaf = LookAt(session, client, sample, leaf_index, &checks);
    if (!leaf.ok()) return leaf.failure();
    sample.drawn.push_back(std::move(*leaf));
    progress.Show(sample.drawn.size(), sample.drawn.size(), 0);
  }
  return sample;
}

std::vector<std::string> CellsOf(const SampledLeaf& leaf, const DayCalendar& calendar) {
  return {std::to_string(leaf.leaf_index), calendar.ToText(leaf.commit_time_us),
          leaf.opening.operation, leaf.code, leaf.opening.registrant};
}

std::string ToCsv(const Sample& sample, const DayCalendar& calendar) {
  papers::CsvWriter csv({"draw", "leaf_index", "time", "operation", "code", "registrant", "finding",
                         "field", "sentence", "seed_origin", "seed_size", "seed_root_hex"});
  const VerifiedCheckpoint& seed = sample.seed.verified;
  for (size_t i = 0; i < sample.drawn.size(); ++i) {
    const SampledLeaf& leaf = sample.drawn[i];
    std::vector<Finding> findings = leaf.findings;
    if (findings.empty()) findings.emplace_back();
    for (const Finding& finding : findings) {
      std::vector<std::string> row = {std::to_string(i + 1)};
      for (std::string& cell : CellsOf(leaf, calendar)) row.push_back(std::move(cell));
      row.insert(row.end(), {finding.code, finding.field, finding.sentence, seed.origin,
                             std::to_string(seed.tree_size), ToHex(seed.root)});
      csv.AddRow(row);
    }
  }
  return csv.text();
}

}  // namespace gusu::cli
