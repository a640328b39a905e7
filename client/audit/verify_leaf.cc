#include "client/audit/verify_leaf.h"

#include <algorithm>

#include "client/audit/status_from.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/tlog_proof.h"

namespace gusu {
namespace {

constexpr size_t kSaltBytes = 32;

// What a part shows must be what its commitment binds. What the server only says of a part it may
// not show is not taken for shown; that it contradicts the log is told all the same.
absl::Status CheckPart(const ContentPart& part, const EntryOpening::Commitment& commitment,
                       VerifiedLeaf& leaf) {
  const auto invalid = [&part](std::string_view what) {
    return InvalidProof(Concat("part ", part.label, " ", what));
  };
  if (!part.commitment.empty() && part.commitment != commitment.hash) {
    return invalid("is stored with another content than the one that was logged");
  }
  if (!part.content.empty()) {
    if (part.erased) return invalid("is shown, and said to be erased");
    if (part.salt.size() != kSaltBytes ||
        AsBytes(CommitmentHash(part.salt, part.content)) != commitment.hash) {
      return invalid("is not what the opening binds");
    }
    leaf.parts.push_back({part.label, part.content, part.salt, "", false});
    return absl::OkStatus();
  }
  if (!part.salt.empty()) return invalid("has a salt and no content");
  (part.erased ? leaf.erased : leaf.not_shown).push_back(part.label);
  return absl::OkStatus();
}

absl::Status CheckParts(const LeafProof& proof, VerifiedLeaf& leaf) {
  const std::vector<EntryOpening::Commitment>& commitments = leaf.opening->commitments;
  size_t parts_found = 0;
  for (size_t i = 0; i < commitments.size(); ++i) {
    const std::string& label = commitments[i].label;
    const auto has_label = [&label](const auto& one) { return one.label == label; };
    if (std::count_if(commitments.begin(), commitments.end(), has_label) != 1) {
      return InvalidProof(Concat("the opening binds ", Quote(label), " twice"));
    }
    const auto part = std::find_if(proof.parts.begin(), proof.parts.end(), has_label);
    if (part == proof.parts.end()) {
      leaf.not_shown.push_back(label);
      continue;
    }
    ++parts_found;
    GUSU_RETURN_IF_ERROR(CheckPart(*part, commitments[i], leaf));
  }
  if (parts_found != proof.parts.size()) {
    return InvalidProof("a part stands twice, or is none that the opening binds");
  }
  return absl::OkStatus();
}

absl::Status CheckOpening(const LeafProof& proof, VerifiedLeaf& leaf) {
  if (proof.opening.empty()) {
    if (proof.salt.empty() && proof.parts.empty()) return absl::OkStatus();
    return InvalidProof("there are parts or a salt, and no opening that they belong to");
  }
  if (proof.salt.size() != kSaltBytes ||
      LeafBytes(leaf.commit_time_us, proof.salt, proof.opening) != proof.leaf) {
    return InvalidProof("opening and salt are not those of the leaf");
  }
  Result<EntryOpening> opening = ReadOpening(proof.opening);
  if (!opening) return InvalidProof(opening.status().message);
  if (opening->revision != leaf.commit_time_us) {
    return InvalidProof("the opening's revision is not the leaf's commit time");
  }
  leaf.opening = *std::move(opening);
  return CheckParts(proof, leaf);
}

}  // namespace

absl::Status InvalidProof(std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "PROOF_INVALID", what);
}

absl::StatusOr<std::vector<VerifierKey>> ParseKeys(const std::vector<std::string>& vkeys) {
  std::vector<VerifierKey> keys;
  for (const std::string& vkey : vkeys) {
    GUSU_ASSIGN_OR_RETURN(VerifierKey key, VerifierKey::Parse(vkey));
    keys.push_back(std::move(key));
  }
  return keys;
}

VerifiedCheckpoint VerifiedFrom(const OpenedCheckpoint& opened) {
  VerifiedCheckpoint out;
  out.origin = opened.checkpoint.origin;
  out.tree_size = opened.checkpoint.head.size;
  out.root = std::string(AsBytes(opened.checkpoint.head.root));
  for (const VerifiedSignature& signature : opened.signatures) {
    if (signature.type != SignatureType::kCosignature) continue;
    out.cosignatures.push_back({signature.key_name, signature.time_s});
  }
  return out;
}

absl::StatusOr<VerifiedLeaf> CheckLeaf(const LeafProof& proof,
                                       const std::vector<VerifierKey>& keys) {
  const std::optional<uint64_t> commit_time_us = LeafCommitTime(proof.leaf);
  if (!commit_time_us) return InvalidProof("the leaf's bytes are none of a leaf");
  GUSU_ASSIGN_OR_RETURN(const TlogProof tlog_proof, ParseTlogProof(proof.tlog_proof));
  if (!tlog_proof.extra.empty() && tlog_proof.extra != proof.leaf) {
    return InvalidProof("the receipt is another leaf's");
  }
  GUSU_ASSIGN_OR_RETURN(const OpenedCheckpoint opened,
                        VerifyTlogProof(tlog_proof, LeafHash(proof.leaf), keys));
  VerifiedLeaf leaf;
  leaf.checkpoint = VerifiedFrom(opened);
  leaf.leaf_index = tlog_proof.leaf_index;
  leaf.commit_time_us = *commit_time_us;
  GUSU_RETURN_IF_ERROR(CheckOpening(proof, leaf));
  return leaf;
}

Result<VerifiedCheckpoint> VerifyCheckpoint(const std::string& checkpoint,
                                            const std::vector<std::string>& vkeys) {
  absl::StatusOr<std::vector<VerifierKey>> keys = ParseKeys(vkeys);
  if (!keys.ok()) return StatusFrom(keys.status());
  absl::StatusOr<OpenedCheckpoint> opened = OpenCheckpoint(checkpoint, *keys);
  if (!opened.ok()) return StatusFrom(opened.status());
  return VerifiedFrom(*opened);
}

Result<VerifiedLeaf> VerifyLeaf(const LeafProof& proof, const std::vector<std::string>& vkeys) {
  absl::StatusOr<std::vector<VerifierKey>> keys = ParseKeys(vkeys);
  if (!keys.ok()) return StatusFrom(keys.status());
  return ResultFrom(CheckLeaf(proof, *keys));
}

}  // namespace gusu
