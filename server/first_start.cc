#include "server/first_start.h"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/credential.h"
#include "server/registrar_rules.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::SettingsRow;

std::string DefaultOrigin() {
  char host[256] = {};
  if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0') return "localhost";
  return host;
}

absl::Status SettingInvalid(std::string_view key, std::string_view value, std::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, "SETTING_INVALID",
               Concat(key, " ", Quote(value), ": ", why),
               {{"key", std::string(key)}, {"value", std::string(value)}});
}

// A log's name: it stands in signed notes, where space and "+" have a meaning.
absl::Status CheckOrigin(std::string_view origin) {
  const bool fits = !origin.empty() && std::all_of(origin.begin(), origin.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '+';
  });
  if (fits) return absl::OkStatus();
  return SettingInvalid("origin", origin, "it is printable ASCII without space and \"+\"");
}

absl::StatusOr<SettingsRow> FirstSettings(const RegistrySettings& settings) {
  SettingsRow row;
  GUSU_ASSIGN_OR_RETURN(*row.mutable_origin(), FirstOrigin(settings));
  for (const std::string& prefix : settings.node_prefixes) {
    const absl::StatusOr<std::string> parsed = ParsePrefix(prefix);
    if (!parsed.ok()) {
      return SettingInvalid("node-prefix", prefix, StdView(parsed.status().message()));
    }
    row.add_node_prefixes(*parsed);
  }
  if (row.node_prefixes().empty()) row.add_node_prefixes(std::string(kNodePrefixDefault));
  row.set_time_zone(settings.time_zone.value_or(std::string(kTimeZoneDefault)));
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(row.time_zone(), &zone)) {
    return SettingInvalid("time-zone", row.time_zone(), "it is not known on this machine");
  }
  row.set_public_url(settings.public_url.value_or(""));
  for (const std::string& vkey : settings.log_vkeys) row.add_log_vkeys(vkey);
  return row;
}

Change InitialChange(Operation operation, std::string resource) {
  Change change;
  change.operation = operation;
  change.resource = std::move(resource);
  change.actor = kBureauActor;
  return change;
}

absl::StatusOr<storage::ChangeSet> FirstChanges(const RegistrySettings& settings,
                                                const Hash& secret_sha256, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(SettingsRow row, FirstSettings(settings));
  Change initialize = InitialChange(Operation::kInitialize, "registry");
  initialize.commitments = Seal(row);
  initialize.preconditions.push_back(Absent(storage::SettingsKey()));
  initialize.rows.push_back({storage::SettingsKey(), row.SerializeAsString()});

  v1::Credential asked;
  asked.set_role(v1::Credential::BUREAU_ADMIN);
  asked.set_title("made at first start");
  asked.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(now + kCredentialLifeMax));
  GUSU_ASSIGN_OR_RETURN(auto credential,
                        ReadCredential("", asked, {AsBytes(secret_sha256), "", ""}, nullptr, now));
  Change create = InitialChange(Operation::kCreateCredential, CredentialName("", credential.id()));
  create.commitments = Seal(credential);
  const std::string key = storage::CredentialKey("", credential.id());
  create.preconditions.push_back(Absent(key));
  create.rows.push_back({key, credential.SerializeAsString()});

  storage::ChangeSet set;
  set.changes.push_back(std::move(initialize));
  set.changes.push_back(std::move(create));
  return set;
}

absl::Status CheckSame(std::string_view key, const std::string& stored,
                       const std::optional<std::string>& given) {
  if (!given.has_value() || *given == stored) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "SETTING_DIFFERS",
               Concat("this registry has ", key, " ", Quote(stored), ", not ", Quote(*given),
                      ": leave out --", key, ", or begin a new registry in another --data"),
               {{"key", std::string(key)}, {"stored", stored}, {"given", *given}});
}

std::string Joined(const std::vector<std::string>& prefixes) {
  std::string text;
  for (const std::string& prefix : prefixes) text += (text.empty() ? "" : ", ") + prefix;
  return text;
}

absl::Status CheckStored(const SettingsRow& stored, const RegistrySettings& given) {
  GUSU_RETURN_IF_ERROR(CheckSame("origin", stored.origin(), given.origin));
  GUSU_RETURN_IF_ERROR(CheckSame("public-url", stored.public_url(), given.public_url));
  GUSU_RETURN_IF_ERROR(CheckSame("time-zone", stored.time_zone(), given.time_zone));
  if (given.node_prefixes.empty()) return absl::OkStatus();
  const std::vector<std::string> prefixes(stored.node_prefixes().begin(),
                                          stored.node_prefixes().end());
  return CheckSame("node-prefix", Joined(prefixes), Joined(given.node_prefixes));
}

}  // namespace

absl::StatusOr<std::string> FirstOrigin(const RegistrySettings& settings) {
  std::string origin =
      settings.origin.value_or(Concat(DefaultOrigin(), "/", HexEncode(RandomBytes(4))));
  GUSU_RETURN_IF_ERROR(CheckOrigin(origin));
  return origin;
}

absl::Status EnsureInitialized(storage::Ledger& ledger, const RegistrySettings& settings,
                               const Hash& bureau_admin_secret_sha256, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger.Latest());
  if (const auto* stored = view->directory().settings()) {
    return CheckStored(*stored->row, settings);
  }
  GUSU_ASSIGN_OR_RETURN(storage::ChangeSet set,
                        FirstChanges(settings, bureau_admin_secret_sha256, now));
  std::promise<storage::AppendOutcome> told;
  ledger.Append(std::move(set),
                [&told](storage::AppendOutcome outcome) { told.set_value(std::move(outcome)); });
  const storage::AppendOutcome outcome = told.get_future().get();
  if (!outcome.ok()) return outcome.status();
  if (std::holds_alternative<storage::Appended>(*outcome)) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "SETTINGS_STORED_BY_OTHER",
               "another server has initialised the same store; start again");
}

}  // namespace gusu::server
