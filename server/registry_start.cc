#include "server/registry_start.h"

#include "proto/status_macros.h"

namespace gusu::server {

absl::StatusOr<LogStart> StartRegistry(storage::Ledger& ledger, RegistrySettings settings,
                                       const LogFiles& files, const LogWays& ways,
                                       const FirstSecret& first_secret, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const std::string new_origin, FirstOrigin(settings));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger.Latest());
  GUSU_ASSIGN_OR_RETURN(LogStart log, PrepareLog(*view, settings.origin, new_origin, files, ways));
  Hash secret_sha256{};
  if (view->directory().settings() == nullptr) {
    settings.origin = log.origin;
    settings.log_vkeys = VkeysOf(log.signers);
    GUSU_ASSIGN_OR_RETURN(secret_sha256, first_secret());
  }
  GUSU_RETURN_IF_ERROR(EnsureInitialized(ledger, settings, secret_sha256, now));
  GUSU_RETURN_IF_ERROR(CompleteLog(ledger, files, &log));
  return log;
}

}  // namespace gusu::server
