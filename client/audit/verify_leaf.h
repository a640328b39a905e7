// The steps of checking a proof, for those who check more than one.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gusu/audit.h"
#include "proto/checkpoint.h"

namespace gusu {

// kInvalidArgument / KEY_MALFORMED.
absl::StatusOr<std::vector<VerifierKey>> ParseKeys(const std::vector<std::string>& vkeys);

VerifiedCheckpoint VerifiedFrom(const OpenedCheckpoint& opened);

// As VerifyLeaf of gusu/audit.h.
absl::StatusOr<VerifiedLeaf> CheckLeaf(const LeafProof& proof,
                                       const std::vector<VerifierKey>& keys);

// kInvalidArgument / PROOF_INVALID.
absl::Status InvalidProof(std::string_view what);

}  // namespace gusu
