#include "server/audit/log_start.h"

#include <algorithm>
#include <future>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/registrar_rules.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::SettingsRow;

// A start of a log that exists: what is known of it.
struct Known {
  const storage::View& view;
  const LogFiles& files;
  const LogWays& ways;
  const SettingsRow& settings;
  std::string origin;                  // of the store's epoch
  std::vector<VerifierKey> stored;     // which the log names
  std::vector<SignerKey> signers;      // of log.key
  std::vector<VerifierKey> verifiers;  // of both
};

std::string NameOf(const std::vector<SignerKey>& signers) {
  return signers.empty() ? std::string() : signers[0].verifier().name();
}

bool Has(const std::vector<VerifierKey>& keys, const VerifierKey& key) {
  return std::any_of(keys.begin(), keys.end(), [text = key.Text()](const VerifierKey& other) {
    return other.Text() == text;
  });
}

absl::StatusOr<std::optional<Anchor>> OpenAnchor(const std::string& path,
                                                 const std::vector<VerifierKey>& verifiers) {
  if (path.empty()) return std::nullopt;
  absl::StatusOr<Anchor> anchor = Anchor::Open(path, verifiers);
  if (anchor.ok()) return std::optional<Anchor>(*std::move(anchor));
  if (absl::IsNotFound(anchor.status())) return std::nullopt;
  return anchor.status();
}

absl::Status AnchorMissing(const std::string& path, std::string_view message) {
  return RefuseStart("ANCHOR_MISSING", message, {{"path", path}});
}

absl::StatusOr<Anchor> AnchorFrom(const Known& known) {
  constexpr std::string_view kFlag = "--anchor-from";
  const std::string& path = known.ways.anchor_from;
  GUSU_ASSIGN_OR_RETURN(const KeptCheckpoint kept,
                        ReadCheckpointFile(kFlag, path, known.verifiers, known.origin));
  if (kept.checkpoint.origin != known.origin) {
    return RefuseWay(kFlag, Concat(path, " is a checkpoint of ", kept.checkpoint.origin,
                                   ", and the store's log is ", known.origin));
  }
  GUSU_RETURN_IF_ERROR(CheckStoreHas(known.view, kept.checkpoint.head, path));
  return Anchor::Create(known.files.anchor_path, kept.note);
}

// That the store has what the anchor's last line says.
absl::Status CheckAnchor(const Known& known, const Checkpoint& last) {
  const std::string& path = known.files.anchor_path;
  if (last.origin == known.origin) return CheckStoreHas(known.view, last.head, path);
  const std::optional<uint32_t> epoch = EpochOf(known.settings.origin(), last.origin);
  if (epoch && *epoch > known.settings.log_epoch()) {
    // Begun and not completed, or completed on a newer store than this one.
    GUSU_RETURN_IF_ERROR(CheckStoreHas(known.view, last.head, path));
    return AnchorMissing(path, Concat("the anchor ", path, " says that the log ", last.origin,
                                      " was begun, and the store's log is still ", known.origin,
                                      ": run --new-log-epoch with the same --after again"));
  }
  return AnchorMissing(
      path, Concat("the anchor ", path, " is of the log ", last.origin, ", and the store's log is ",
                   known.origin, ": put back the anchor that belongs to the store"));
}

absl::StatusOr<Anchor> RequireAnchor(const Known& known, std::optional<Anchor> anchor) {
  const std::string& path = known.files.anchor_path;
  if (anchor.has_value() && anchor->last() != nullptr) {
    GUSU_RETURN_IF_ERROR(CheckAnchor(known, anchor->last()->checkpoint));
    if (known.ways.anchor_from.empty()) return *std::move(anchor);
    return RefuseWay("--anchor-from", Concat("there is an anchor that the store fits, ", path,
                                             ": start without the flag"));
  }
  if (!known.ways.anchor_from.empty()) return AnchorFrom(known);
  return AnchorMissing(
      path,
      Concat("the store has ", known.view.leaf_count(), " leaves, and no checkpoint stands in ",
             path,
             ", so nobody can tell whether this is its newest copy. Put the file back; "
             "or start with --anchor-from FILE, a checkpoint of this log that a witness or an "
             "auditor kept; or begin a new epoch of the log with --new-log-epoch --after FILE"));
}

absl::Status CheckKeys(const Known& known) {
  const std::string& path = known.files.keys.key_path;
  const ErrorMetadata metadata = {{"path", path}, {"origin", known.origin}};
  if (known.signers.empty()) {
    return RefuseStart(
        "LOG_KEY_MISSING",
        Concat("there is no ", path, ", which holds the keys of the log ", known.origin,
               ". Put the file back; if it is lost, begin a new epoch of the log with "
               "--new-log-epoch --after FILE, where FILE holds its last checkpoint"),
        metadata);
  }
  if (NameOf(known.signers) != known.origin) {
    return RefuseStart("LOG_KEY_UNUSABLE",
                       Concat("the log's key file ", path, " is of the log ", NameOf(known.signers),
                              ", and the store's log is ", known.origin,
                              ". Put back the file that belongs to the store; or, when "
                              "--new-log-epoch was interrupted, run it again"),
                       metadata);
  }
  for (const SignerKey& signer : known.signers) {
    if (Has(known.stored, signer.verifier())) return absl::OkStatus();
  }
  return RefuseStart(
      "LOG_KEYS_UNKNOWN",
      Concat("the log's key file ", path, " has none of the keys that the log ", known.origin,
             " names. Put back the file that belongs to the store; "
             "a new key is added with --add-log-key beside the old one"),
      metadata);
}

absl::StatusOr<Known> ReadKnown(const storage::View& view, const LogFiles& files,
                                const LogWays& ways) {
  const SettingsRow& settings = *view.directory().settings()->row;
  Known known{view, files, ways, settings, LogOrigin(settings), {}, {}, {}};
  for (const std::string& vkey : settings.log_vkeys()) {
    GUSU_ASSIGN_OR_RETURN(VerifierKey key, VerifierKey::Parse(vkey));
    known.stored.push_back(std::move(key));
  }
  absl::StatusOr<std::vector<SignerKey>> signers = ReadLogKeys(files.keys);
  // A new epoch makes other keys, whatever has become of these.
  if (!signers.ok() && !absl::IsNotFound(signers.status()) && !ways.new_epoch) {
    return signers.status();
  }
  if (signers.ok()) known.signers = *std::move(signers);
  known.verifiers = known.stored;
  for (const SignerKey& signer : known.signers) {
    if (!Has(known.stored, signer.verifier())) known.verifiers.push_back(signer.verifier());
  }
  return known;
}

absl::StatusOr<LogStart> PrepareExisting(const storage::View& view, const LogFiles& files,
                                         const LogWays& ways) {
  GUSU_ASSIGN_OR_RETURN(Known known, ReadKnown(view, files, ways));
  GUSU_ASSIGN_OR_RETURN(std::optional<Anchor> anchor,
                        OpenAnchor(files.anchor_path, known.verifiers));
  LogStart log;
  if (ways.new_epoch) {
    const Anchor* before = anchor.has_value() ? &*anchor : nullptr;
    GUSU_ASSIGN_OR_RETURN(log.epoch,
                          PlanEpoch({&view, known.settings.origin(), known.settings.log_epoch(),
                                     known.verifiers, before},
                                    ways.after));
    log.origin = log.epoch->origin;
    log.anchor = std::move(anchor);
  } else {
    GUSU_ASSIGN_OR_RETURN(log.anchor, RequireAnchor(known, std::move(anchor)));
    GUSU_RETURN_IF_ERROR(CheckKeys(known));
    log.origin = known.origin;
  }
  log.signers = std::move(known.signers);
  return log;
}

// The files of a first start that was interrupted, or of none. The anchor is made before log.key,
// so that a key without one is not of an interrupted start.
absl::StatusOr<LogStart> FindFirst(const storage::View& view, const LogFiles& files) {
  LogStart log;
  absl::StatusOr<std::vector<SignerKey>> signers = ReadLogKeys(files.keys);
  if (!signers.ok() && !absl::IsNotFound(signers.status())) return signers.status();
  if (signers.ok()) log.signers = *std::move(signers);
  log.origin = NameOf(log.signers);
  std::vector<VerifierKey> verifiers;
  for (const SignerKey& signer : log.signers) verifiers.push_back(signer.verifier());
  GUSU_ASSIGN_OR_RETURN(log.anchor, OpenAnchor(files.anchor_path, verifiers));
  if (log.anchor.has_value() && log.anchor->last() != nullptr) {
    GUSU_RETURN_IF_ERROR(
        CheckStoreHas(view, log.anchor->last()->checkpoint.head, files.anchor_path));
  }
  const bool is_anchored = log.anchor.has_value() && log.anchor->LastOf(log.origin) != nullptr;
  if (log.signers.empty() || is_anchored) return log;
  return AnchorMissing(files.anchor_path, Concat("the store is empty, and ", files.keys.key_path,
                                                 " holds keys of the log ", log.origin,
                                                 " without an anchor, ", files.anchor_path,
                                                 ". Put back store and anchor; or begin a new "
                                                 "registry in another --data"));
}

absl::StatusOr<LogStart> PrepareFirst(const storage::View& view,
                                      const std::optional<std::string>& origin_given,
                                      const std::string& new_origin, const LogFiles& files,
                                      const LogWays& ways) {
  if (ways.new_epoch || !ways.anchor_from.empty()) {
    return RefuseWay(ways.new_epoch ? "--new-log-epoch" : "--anchor-from",
                     "the store is empty, so there is no log to go on with. Put back a copy of the "
                     "store; or begin a new registry in another --data");
  }
  GUSU_ASSIGN_OR_RETURN(LogStart log, FindFirst(view, files));
  if (log.signers.empty()) {
    log.origin = new_origin;
    GUSU_ASSIGN_OR_RETURN(SignerKey key, SignerKey::Generate(new_origin, SignatureType::kEd25519));
    log.signers.push_back(std::move(key));
    GUSU_ASSIGN_OR_RETURN(const std::string note,
                          SignCheckpoint({log.origin, {}, {}}, log.signers));
    GUSU_ASSIGN_OR_RETURN(log.anchor, files.anchor_path.empty()
                                          ? Anchor::InMemory(note)
                                          : Anchor::Create(files.anchor_path, note));
    GUSU_RETURN_IF_ERROR(WriteLogKeys(files.keys, log.signers));
    return log;
  }
  if (!origin_given.has_value() || *origin_given == log.origin) return log;
  return RefuseStart(
      "LOG_KEY_UNUSABLE",
      Concat("the log's key file ", files.keys.key_path, " is of the log ", log.origin,
             ", from a first start that was interrupted, and --origin is ", *origin_given,
             ". Give --origin ", log.origin, ", or begin in another --data"),
      {{"path", files.keys.key_path}, {"origin", log.origin}});
}

absl::Status AppendSettings(storage::Ledger& ledger, Operation operation, std::string reason,
                            uint64_t revision_before, SettingsRow row) {
  Change change;
  change.operation = operation;
  change.resource = "registry";
  change.actor = kBureauActor;
  change.reason = std::move(reason);
  change.commitments = Seal(row);
  change.preconditions.push_back(AtRevision(storage::SettingsKey(), revision_before));
  change.rows.push_back({storage::SettingsKey(), row.SerializeAsString()});
  storage::ChangeSet set;
  set.changes.push_back(std::move(change));
  std::promise<storage::AppendOutcome> told;
  ledger.Append(std::move(set),
                [&told](storage::AppendOutcome outcome) { told.set_value(std::move(outcome)); });
  const storage::AppendOutcome outcome = told.get_future().get();
  if (!outcome.ok()) return outcome.status();
  if (std::holds_alternative<storage::Appended>(*outcome)) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "SETTINGS_STORED_BY_OTHER",
               "another server has changed the settings of the same store; start again");
}

}  // namespace

std::string LogOrigin(const SettingsRow& settings) {
  return OriginOfEpoch(settings.origin(), settings.log_epoch());
}

absl::StatusOr<LogStart> PrepareLog(const storage::View& view,
                                    const std::optional<std::string>& origin_given,
                                    const std::string& new_origin, const LogFiles& files,
                                    const LogWays& ways) {
  return view.directory().settings() == nullptr
             ? PrepareFirst(view, origin_given, new_origin, files, ways)
             : PrepareExisting(view, files, ways);
}

absl::Status CompleteLog(storage::Ledger& ledger, const LogFiles& files, LogStart* log) {
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger.Latest());
  const storage::Directory::SettingsEntry& before = *view->directory().settings();
  SettingsRow row = *before.row;
  if (log->epoch.has_value()) {
    GUSU_RETURN_IF_ERROR(MakeEpochFiles(*view, *log->epoch, files.keys, files.anchor_path,
                                        &log->signers, &log->anchor));
    row.set_log_epoch(log->epoch->number);
    row.set_checkpoint_before(log->epoch->checkpoint_before);
  }
  GUSU_RETURN_IF_ERROR(EnsureVkeyFile(files.keys, log->signers));
  const std::vector<std::string> vkeys = VkeysOf(log->signers);
  const bool is_same =
      std::equal(vkeys.begin(), vkeys.end(), row.log_vkeys().begin(), row.log_vkeys().end());
  if (is_same && !log->epoch.has_value()) return absl::OkStatus();
  row.mutable_log_vkeys()->Assign(vkeys.begin(), vkeys.end());
  return log->epoch.has_value() ? AppendSettings(ledger, Operation::kNewLogEpoch, log->epoch->gap,
                                                 before.revision, std::move(row))
                                : AppendSettings(ledger, Operation::kChangeLogKeys, "",
                                                 before.revision, std::move(row));
}

}  // namespace gusu::server
