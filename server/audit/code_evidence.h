// Gathers all that proves a code's history, for the pack that `gusu audit evidence` makes too.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "proto/papers/evidence.h"
#include "server/audit/audit.h"
#include "server/caller.h"
#include "server/resolver.h"

namespace gusu::server {

inline constexpr size_t kEvidenceRevisionsMax = 1'000;

// The code as it is now, and every revision up to that, as far as the caller may read them; each
// proven in one checkpoint (the latest cosigned one that covers all of it, else the latest) and
// linked with the one before, down to the registration. Everything is verified first: kDataLoss /
// RECORD_CORRUPT for what does not fit. kOutOfRange / REPORT_TOO_LARGE for more than
// `revisions_max` revisions; errors of Resolve, ListRevisions and GetInclusionProof.
absl::StatusOr<papers::Evidence> GatherEvidence(const Audit& audit, const Resolver& resolver,
                                                const std::string& identifier, const Caller& caller,
                                                size_t revisions_max = kEvidenceRevisionsMax);

}  // namespace gusu::server
