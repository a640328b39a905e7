// Checkpoints: a log's signed statement of its size and root (c2sp.org/tlog-checkpoint).
//
// The body is the text of a signed note:
//   registry.example/log1                           origin: which log; also the name of its keys
//   70000                                           leaves
//   o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao=    root (RFC 6962)
//   …                                               extension lines, which ours have not
// Each line has its line end and at least one character.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/merkle.h"
#include "proto/signed_note.h"

namespace gusu {

struct Checkpoint {
  std::string origin;
  TreeHead head;
  std::vector<std::string> extension_lines;  // bound by the signatures, with no meaning here
  bool operator==(const Checkpoint&) const = default;
};

// kInvalidArgument / CHECKPOINT_MALFORMED for any other text, also for another form of the same
// body, and for an empty tree with another root than that of nothing.
absl::StatusOr<Checkpoint> ParseCheckpointBody(std::string_view body);
// kInvalidArgument / CHECKPOINT_MALFORMED for what ParseCheckpointBody would not give back.
absl::StatusOr<std::string> FormatCheckpointBody(const Checkpoint& checkpoint);

// The signed note. Signers with a log's key have the origin as their name; cosigners state `time_s`
// (seconds since 1970 UTC).
absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           const std::vector<SignerKey>& signers,
                                           uint64_t time_s = 0);

struct OpenedCheckpoint {
  Checkpoint checkpoint;
  // The log's, and those of known witnesses.
  std::vector<VerifiedSignature> signatures;
};

// A checkpoint that its log signed: by an Ed25519 key among `keys` whose name is the checkpoint's
// origin. A witness's cosignature alone is not enough; how many of them there must be is the
// caller's to say. Fails as ParseSignedNote, VerifyNote and ParseCheckpointBody do, and with
// kInvalidArgument: ORIGIN_DIFFERS when the keys are of other logs, SIGNATURE_MISSING.
absl::StatusOr<OpenedCheckpoint> OpenCheckpoint(std::string_view signed_note,
                                                const std::vector<VerifierKey>& keys);

}  // namespace gusu
