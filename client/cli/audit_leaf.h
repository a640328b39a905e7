// Leaves of the log, each proven in one given checkpoint before anything is made of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/session.h"
#include "gusu/audit.h"
#include "gusu/client.h"

namespace gusu::cli {

// A checkpoint that was verified, as text and as what it says.
struct KnownCheckpoint {
  std::string text;
  std::vector<std::string> vkeys;  // with which it was verified
  VerifiedCheckpoint verified;
};
OrFailure<KnownCheckpoint> ToKnownCheckpoint(const std::string& text,
                                             const std::vector<std::string>& vkeys);
// That of a file, or, without a path, the latest one of the log.
OrFailure<KnownCheckpoint> FindCheckpoint(const Session& session, Client& client,
                                          const std::string& path,
                                          const std::vector<std::string>& vkeys);
// `registry.example/log1, size 70000, root o5IPun8j…=`
std::string CheckpointText(const VerifiedCheckpoint& checkpoint);

struct ProvenLeaf {
  LeafProof proof;  // whose tlog_proof ends in the checkpoint asked for
  VerifiedLeaf verified;
};
// With its opening and parts as far as the caller may read them. Fails unless the leaf stands in
// the checkpoint's tree and opening and parts are what it binds.
OrFailure<ProvenLeaf> FetchProvenLeaf(const Session& session, Client& client, uint64_t leaf_index,
                                      const KnownCheckpoint& checkpoint);
// The inclusion proof alone, not verified: 32 bytes a hash.
OrFailure<std::vector<std::string>> FetchInclusionHashes(const Session& session, Client& client,
                                                         uint64_t leaf_index, uint64_t tree_size);

inline constexpr size_t kLeafBytes = 41;
// Microseconds since 1970 UTC. Only for a leaf of kLeafBytes.
uint64_t CommitTimeOf(const std::string& leaf);
// Whether the leaf binds the opening under the salt.
bool Opens(const std::string& leaf, const std::string& salt, const std::string& opening);

// What does not fit what the log says of itself: the answer is negative.
Failure LogFailure(const std::string& message);
// What a check of the library found.
Failure LogFailure(const std::string& what, const Status& status);

std::string ToBase64(const std::string& bytes);
std::string ToHex(const std::string& bytes);

}  // namespace gusu::cli
