// From an opened store to a registry that can sign its log: what every start does, the first one
// and later ones.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/audit/log_start.h"
#include "server/first_start.h"
#include "storage/ledger.h"

namespace gusu::server {

// SHA-256 of the bureau's first token, which is durable in its file when this returns.
using FirstSecret = std::function<absl::StatusOr<Hash>()>;

// Checks key, anchor and store against each other, stores the settings and the bureau's credential
// at a first start, compares the settings at later ones, and logs what has changed about the log's
// keys. Fails as PrepareLog, EnsureInitialized and CompleteLog do. Blocks until the ledger has
// answered; not to be called on its answer thread.
absl::StatusOr<LogStart> StartRegistry(storage::Ledger& ledger, RegistrySettings settings,
                                       const LogFiles& files, const LogWays& ways,
                                       const FirstSecret& first_secret, absl::Time now);

}  // namespace gusu::server
