// Takes a sample of the log: leaves that nobody chose, each proven before it is looked at.
#pragma once

#include <string>
#include <vector>

#include "client/cli/audit_interval.h"
#include "client/cli/audit_sample_findings.h"

namespace gusu::cli {

struct SampledLeaf {
  uint64_t leaf_index = 0;
  uint64_t commit_time_us = 0;
  EntryOpening opening;
  std::string code;  // the identifier, or the resource's name when it is no record
  std::vector<Finding> findings;
};

struct Sample {
  KnownCheckpoint seed;
  LeafInterval leaves;
  std::vector<SampledLeaf> drawn;  // in the order of the draws

  size_t findings_count() const {
    size_t count = 0;
    for (const SampledLeaf& leaf : drawn) count += leaf.findings.size();
    return count;
  }
};

// At most kSampleLeavesMax leaves of the interval, drawn by the seed's root. Fails unless the seed
// has a leaf after the interval, and every leaf drawn, and those at the interval's ends, are proven
// in its tree. Needs the bureau's rights.
OrFailure<Sample> TakeSample(Session& session, Client& client, KnownCheckpoint seed,
                             const TimeInterval& interval, uint64_t count);

// LEAF, TIME, OPERATION, CODE, REGISTRANT.
std::vector<std::string> CellsOf(const SampledLeaf& leaf, const DayCalendar& calendar);
// A finding a row; leaves without any have one row too.
std::string ToCsv(const Sample& sample, const DayCalendar& calendar);

}  // namespace gusu::cli
