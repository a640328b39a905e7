// Receipts: text that proves, with no network, that an entry is in a log (c2sp.org/tlog-proof).
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>            optional: context that nothing here protects
//   index 5                   of the leaf
//   <base64 of 32 bytes>      the inclusion proof, from the leaf's sibling upwards; no line in a
//   …                         log of one entry
//
//   <the checkpoint, a signed note, as it is>
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/checkpoint.h"

namespace gusu {

inline constexpr size_t kTlogProofExtraBytesMax = 64 * 1024;
// The longest that has all its parts at their greatest.
inline constexpr size_t kTlogProofBytesMax = kNoteBytesMax + 96 * 1024;

struct TlogProof {
  std::string extra;  // bytes; empty: no such line
  uint64_t leaf_index = 0;
  std::vector<Hash> hashes;
  std::string checkpoint;  // a signed note
  bool operator==(const TlogProof&) const = default;
};

// The form only, the checkpoint's included. kInvalidArgument / PROOF_MALFORMED, or as
// ParseSignedNote and ParseCheckpointBody do.
absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text);
// Fails as ParseTlogProof does for what it would not give back.
absl::StatusOr<std::string> FormatTlogProof(const TlogProof& proof);

// The checkpoint in which the proof shows the leaf. `keys` are of the log and of witnesses, as for
// OpenCheckpoint. Fails as OpenCheckpoint and VerifyInclusion do. `extra` is not looked at.
absl::StatusOr<OpenedCheckpoint> VerifyTlogProof(const TlogProof& proof, const Hash& leaf_hash,
                                                 const std::vector<VerifierKey>& keys);

}  // namespace gusu
