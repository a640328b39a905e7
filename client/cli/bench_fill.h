// What `gusu bench list` lists: registrants and records in known numbers.
#pragma once

#include <cstdint>
#include <string>

#include "client/cli/session.h"

namespace gusu::cli {

inline constexpr uint64_t kBenchLotRecords = 1000;

struct BenchFill {
  std::string prefix;
  uint64_t records_count = 0;
  uint64_t registrants_count = 0;
};

// `L-00007`: the attribute `batch` of so many records that follow one another.
std::string BenchLot(uint64_t lot);

// Makes what is not there yet, as the bureau and for the prefix's holder: registrants
// bench-000000…, approved, in districts and industries of their own; the prefix; records
// PREFIX/LIST-0000000… in lots, the last of each lot RESERVED. What is there stays, so that it can
// be repeated.
MaybeFailure FillForListing(Session& session, Client& client, const BenchFill& fill);

}  // namespace gusu::cli
