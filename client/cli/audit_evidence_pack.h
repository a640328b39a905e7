// All that proves a code's history, gathered and verified.
#pragma once

#include <string>
#include <vector>

#include "client/cli/audit_leaf.h"
#include "client/cli/day_calendar.h"
#include "proto/papers/evidence.h"

namespace gusu::cli {

inline constexpr size_t kEvidenceRevisionsMax = 10'000;

struct Evidence {
  KnownCheckpoint checkpoint;  // in which every revision is proven
  AnswerProof answer_proof;
  VerifiedAnswer answer;
  std::vector<ProvenLeaf> revisions;  // the registration first, without a gap to the answer's
};

// The record as it is now, and every revision up to that. Fails when anything of it does not
// verify, and when the revisions are not linked each with the one before, down to the registration.
// With an empty `checkpoint_path`, the latest cosigned checkpoint that covers all of it, else the
// latest.
OrFailure<Evidence> GatherEvidence(Session& session, Client& client, const std::string& identifier,
                                   const std::string& checkpoint_path,
                                   const std::vector<std::string>& vkeys);

// As it is printed and packed.
papers::Evidence ToPaper(const Evidence& evidence);

}  // namespace gusu::cli
