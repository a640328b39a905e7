// A new epoch of the log after a loss: the log goes on with the leaves that the store has, under a
// new name and with a new key, and its first leaf there says what was known before and what is
// lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/anchor.h"
#include "server/audit/log_keys.h"
#include "server/audit/log_ways.h"
#include "storage/view.h"

namespace gusu::server {

struct LogEpoch {
  uint32_t number = 0;
  std::string origin;
  std::string checkpoint_before;
  std::string gap;  // which leaves are lost, in words
};

// What is known of the log that ends.
struct EndingLog {
  const storage::View* view;
  std::string registry_origin;
  uint32_t epoch = 0;  // of the store
  std::vector<VerifierKey> verifiers;
  const Anchor* anchor = nullptr;  // nullptr: lost
};

// The epoch that follows the checkpoint in the file `after`. LOG_WAY_REFUSED for one that is of
// another log or of an epoch that has ended, and when the anchor has a later one.
absl::StatusOr<LogEpoch> PlanEpoch(const EndingLog& ending, const std::string& after);

// Key and anchor of the epoch, durable before the log says so. What an interrupted attempt made is
// used again; the key before is kept beside, as log.key.epoch-N.
absl::Status MakeEpochFiles(const storage::View& view, const LogEpoch& epoch,
                            const LogKeyFiles& files, const std::string& anchor_path,
                            std::vector<SignerKey>* signers, std::optional<Anchor>* anchor);

}  // namespace gusu::server
