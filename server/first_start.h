// What a registry is for ever, stored by its first start: its settings, and the bureau's first
// credential.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "storage/ledger.h"

namespace gusu::server {

inline constexpr std::string_view kNodePrefixDefault = "88.118";
inline constexpr std::string_view kTimeZoneDefault = "Asia/Shanghai";

// nullopt and empty lists were not given: the default at a first start, whatever is stored later.
struct RegistrySettings {
  std::optional<std::string> origin;       // default: host name / 8 random hexadecimal digits
  std::vector<std::string> node_prefixes;  // default: kNodePrefixDefault
  std::optional<std::string> public_url;   // default: none
  std::optional<std::string> time_zone;    // an IANA name; default: kTimeZoneDefault
  // The log's keys, stored at a first start; later starts do not compare them here.
  std::vector<std::string> log_vkeys;
};

// The log's name at a first start: the given one, or a new one at each call. kInvalidArgument /
// SETTING_INVALID.
absl::StatusOr<std::string> FirstOrigin(const RegistrySettings& settings);

// On an empty store: leaf 0 with the settings and leaf 1 with a bureau-admin credential for the
// secret, together or not at all. On any other: kFailedPrecondition / SETTING_DIFFERS when a
// setting that was given is not what is stored, with `key`, `stored` and `given`. kInvalidArgument
// / SETTING_INVALID for one that cannot be stored. Blocks until the ledger has answered; not to be
// called on its answer thread.
absl::Status EnsureInitialized(storage::Ledger& ledger, const RegistrySettings& settings,
                               const Hash& bureau_admin_secret_sha256, absl::Time now);

}  // namespace gusu::server
