// What an operator says about a log that cannot simply go on, and the checks that these ways and a
// plain start share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/checkpoint.h"
#include "proto/error.h"
#include "storage/view.h"

namespace gusu::server {

struct LogWays {
  std::string anchor_from;  // a file with a checkpoint that a witness or an auditor kept
  bool new_epoch = false;
  std::string after;  // a file with the last checkpoint known; with new_epoch
};

// A log's name: the registry's origin, in later epochs with "/epoch/N".
std::string OriginOfEpoch(std::string_view registry_origin, uint32_t epoch);
// nullopt: the name is not one of this registry's log.
std::optional<uint32_t> EpochOf(std::string_view registry_origin, std::string_view log_origin);

// kFailedPrecondition, and where to read more.
absl::Status RefuseStart(std::string_view reason, std::string_view message, ErrorMetadata metadata);
// kFailedPrecondition / LOG_WAY_REFUSED: the flag does not fit the log.
absl::Status RefuseWay(std::string_view flag, std::string_view message);

// The root of the store's first `size` leaves, at most as many as it has.
absl::StatusOr<Hash> RootOf(const storage::View& view, uint64_t size);
// That the store has the tree that a checkpoint in the file `path` was signed of: LOG_BEHIND_ANCHOR
// or LOG_DIFFERS_FROM_ANCHOR names sizes, the file and the two ways on.
absl::Status CheckStoreHas(const storage::View& view, const TreeHead& signed_head,
                           const std::string& path);

// The checkpoint in a file that a flag names: signed by one of the keys, at most 64 KiB, else
// LOG_WAY_REFUSED. `store_log` is the name of the store's log, for the message.
struct KeptCheckpoint {
  std::string note;
  Checkpoint checkpoint;
};
absl::StatusOr<KeptCheckpoint> ReadCheckpointFile(std::string_view flag, const std::string& path,
                                                  const std::vector<VerifierKey>& keys,
                                                  std::string_view store_log);

}  // namespace gusu::server
