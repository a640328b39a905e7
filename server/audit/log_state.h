// The log's latest checkpoints as the bureau's papers print them.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/note_key.h"
#include "proto/papers/log_state.h"

namespace gusu::server {

// What the registry's own keys, and witnesses among them, signed. Fails as OpenCheckpoint does.
absl::StatusOr<papers::LogState> ReadLogState(std::string_view checkpoint,
                                              const std::vector<VerifierKey>& keys);

// kInvalidArgument / KEY_MALFORMED.
absl::StatusOr<std::vector<VerifierKey>> ParseKeys(const std::vector<std::string>& vkeys);

}  // namespace gusu::server
