#include "server/audit/log_state.h"

#include <string>

#include "proto/checkpoint.h"
#include "proto/hash.h"
#include "proto/status_macros.h"

namespace gusu::server {

absl::StatusOr<papers::LogState> ReadLogState(std::string_view checkpoint,
                                              const std::vector<VerifierKey>& keys) {
  GUSU_ASSIGN_OR_RETURN(const OpenedCheckpoint opened, OpenCheckpoint(checkpoint, keys));
  papers::LogState state;
  state.checkpoint = std::string(checkpoint);
  state.origin = opened.checkpoint.origin;
  state.tree_size = opened.checkpoint.head.size;
  state.root = std::string(AsBytes(opened.checkpoint.head.root));
  for (const VerifiedSignature& signature : opened.signatures) {
    if (signature.type != SignatureType::kCosignature) continue;
    state.cosignatures.push_back({signature.key_name, signature.time_s});
  }
  return state;
}

absl::StatusOr<std::vector<VerifierKey>> ParseKeys(const std::vector<std::string>& vkeys) {
  std::vector<VerifierKey> keys;
  for (const std::string& vkey : vkeys) {
    GUSU_ASSIGN_OR_RETURN(VerifierKey key, VerifierKey::Parse(vkey));
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace gusu::server
