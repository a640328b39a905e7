// What every submission of a change set to the ledger shares: who submits, how often a lost race is
// run again, and what a refusal means that running again cannot mend.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/access.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::server {

inline constexpr int kResubmissionsMax = 3;

// Outlives the call that it was made for.
struct Actor {
  Caller caller;
  Acting acting;
};

// As whom the answer to a write is read. The bureau that acts for a registrant has given its
// reason, which the registrant sees with the change.
Caller ReaderOf(const Actor& actor);

// The quotas among a set's preconditions; made before the set is handed over.
class Quotas {
 public:
  explicit Quotas(const std::vector<Precondition>& preconditions);
  // kFailedPrecondition / QUOTA_EXCEEDED when a quota is what refused the set, else OK.
  absl::Status ErrorFor(const storage::Refused& refused) const;

 private:
  struct Quota {
    size_t precondition_index;
    std::string prefix_key;
    uint64_t limit;
  };
  std::vector<Quota> quotas_;
};

// kAborted / CONFLICT_RETRIES_EXHAUSTED: others changed what the write rests on, each time.
absl::Status RetriesExhausted();

}  // namespace gusu::server
