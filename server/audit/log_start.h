// What a start makes sure of before it signs anything: that log.key, anchor and store are of one
// log, and that the store still has all that was signed.
//
//   GUSU_ASSIGN_OR_RETURN(LogStart log, PrepareLog(*view, origin_given, new_origin, files, ways));
//   … the first start stores its settings, with log.origin and VkeysOf(log.signers) …
//   GUSU_RETURN_IF_ERROR(CompleteLog(*ledger, files, &log));
//   Checkpoints::Start(ledger, *std::move(log.anchor), {log.origin, log.signers, …});
//
// A start that is interrupted at any point is completed by the next one; for a new epoch, by the
// next one with the same flags.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/anchor.h"
#include "server/audit/log_epoch.h"
#include "server/audit/log_keys.h"
#include "server/audit/log_ways.h"
#include "storage/ledger.h"

namespace gusu::storage::v1 {
class SettingsRow;
}

namespace gusu::server {

struct LogFiles {
  // With an empty key_path, for a store in memory: the key and the anchor are in memory too.
  LogKeyFiles keys;
  std::string anchor_path;
};

struct LogStart {
  std::string origin;  // of the epoch
  std::vector<SignerKey> signers;
  std::optional<Anchor> anchor;   // set once CompleteLog has returned
  std::optional<LogEpoch> epoch;  // to begin
};

// Of the epoch that the settings say.
std::string LogOrigin(const storage::v1::SettingsRow& settings);

// On an empty store makes key and anchor, durable, so that an interrupted first start finds the
// same key again; the log's name is `new_origin` then, and `origin_given` is what the operator
// asked for. Else changes nothing but the anchor's torn end, and makes an anchor when told
// --anchor-from.
//
// kFailedPrecondition: LOG_BEHIND_ANCHOR, LOG_DIFFERS_FROM_ANCHOR, ANCHOR_MISSING, LOG_KEY_MISSING,
// LOG_KEY_UNUSABLE, LOG_KEYS_UNKNOWN (log.key has none of the keys that the log names),
// LOG_WAY_REFUSED. Each message says what to do. kDataLoss: ANCHOR_CORRUPT, RECORD_CORRUPT.
absl::StatusOr<LogStart> PrepareLog(const storage::View& view,
                                    const std::optional<std::string>& origin_given,
                                    const std::string& new_origin, const LogFiles& files,
                                    const LogWays& ways);

// Logs a change of keys, or begins the epoch: its key, its anchor, then its leaf. Blocks until the
// ledger has answered; not to be called on its answer thread.
absl::Status CompleteLog(storage::Ledger& ledger, const LogFiles& files, LogStart* log);

}  // namespace gusu::server
