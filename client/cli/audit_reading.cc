// gusu audit checkpoint, entries, cosign: what the log says, and what witnesses say of it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "client/cli/audit_commands.h"
#include "client/cli/audit_leaf.h"
#include "client/cli/config_file.h"
#include "client/cli/listing.h"
#include "client/cli/log_trust.h"
#include "client/cli/time_text.h"
#include "client/cli/vkeys.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

struct CheckpointOptions {
  LogTrust trust;
  bool cosigned = false;
};

// What is behind a checkpoint, in a line for people.
std::string VerifiedText(const VerifiedCheckpoint& checkpoint) {
  std::string text =
      "verified: " + checkpoint.origin + ", " + std::to_string(checkpoint.tree_size) + " leaves";
  for (const auto& [witness, time_s] : checkpoint.cosignatures) {
    const Timestamp time{std::chrono::seconds(
        std::min<uint64_t>(time_s, 253'402'300'799))};  // no later than the year 9999
    text += ", cosigned by " + witness + " at " + ToText(time);
  }
  return text;
}

MaybeFailure PrintCheckpoint(Session& session, const CheckpointOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<LogCheckpoint> answer = client->GetCheckpoint();
  if (!answer.ok()) return session.FailureOf(answer.status());
  const std::string& note = options.cosigned ? answer->cosigned_checkpoint : answer->checkpoint;
  if (note.empty()) {
    return Failure{ExitCode::kNotFound, "NOT_COSIGNED", "no witness has cosigned a checkpoint yet",
                   "gusu audit cosign brings what a witness signed"};
  }
  const auto vkeys = FindTrustedVkeys(session, *client, options.trust);
  // Without any key it is shown as it is; a key that cannot be read is an error.
  if (!vkeys.ok() && vkeys.failure().reason != "USAGE") return vkeys.failure();
  std::optional<VerifiedCheckpoint> verified;
  if (vkeys.ok()) {
    Result<VerifiedCheckpoint> result = VerifyCheckpoint(note, *vkeys);
    if (!result.ok()) return CheckFailure(result.status());
    verified = *std::move(result);
  }
  if (session.json()) {
    session.out() << "{\"checkpoint\":" << JsonString(note)
                  << (verified ? ",\"verified\":" + ToJson(*verified) : "") << "}\n";
    return std::nullopt;
  }
  session.out() << note;
  session.err() << (verified ? VerifiedText(*verified)
                             : "not verified: no key of the log is known; see --vkey")
                << '\n';
  return std::nullopt;
}

struct EntriesOptions {
  uint64_t from = 0;
  uint64_t to = 0;
  std::string since;
  std::string until;
  std::string prefix;
  uint64_t limit = 0;
};

OrFailure<std::optional<Timestamp>> ToTime(const std::string& text) {
  return ParseTimeIfGiven(IsDate(text) ? text + "T00:00:00Z" : text);
}

std::vector<std::string> ToCells(const LogEntry& entry) {
  constexpr size_t kLeafBytes = 41;
  const bool is_leaf = entry.leaf.size() == kLeafBytes;
  std::vector<std::string> cells = {
      std::to_string(entry.leaf_index),
      is_leaf ? RevisionToLocalText(CommitTimeOf(entry.leaf)) : "(malformed)"};
  const Result<EntryOpening> opening = ReadOpening(entry.opening);
  if (!opening.ok()) {
    cells.insert(cells.end(), {"", entry.opening.empty() ? "(closed)" : "(malformed)", "", ""});
    return cells;
  }
  const std::string actor = opening->on_behalf_of.empty()
                                ? opening->actor
                                : opening->actor + " for " + opening->on_behalf_of;
  cells.insert(cells.end(), {opening->operation, opening->resource, opening->registrant, actor});
  return cells;
}

MaybeFailure ListEntries(Session& session, const EntriesOptions& options) {
  ListEntriesRequest request;
  const auto since = ToTime(options.since);
  if (!since.ok()) return since.failure();
  const auto until = ToTime(options.until);
  if (!until.ok()) return until.failure();
  request.start_leaf_index = options.from;
  request.end_leaf_index = options.to;
  request.start_time = *since;
  request.end_time = *until;
  if (!options.prefix.empty()) request.prefix = WithCollection("prefixes", options.prefix);
  request.view = EntryView::kOpening;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListEntries(request), options.limit,
                      {"LEAF", "COMMITTED", "OPERATION", "RESOURCE", "REGISTRANT", "BY"}, ToCells);
}

struct CosignOptions {
  std::string file;
  std::vector<std::string> witness_vkeys;
};

MaybeFailure Cosign(Session& session, const CosignOptions& options) {
  if (session.flags().reason.empty()) {
    return UsageFailure("a --reason is required", "it stands in the server's log");
  }
  const OrFailure<std::string> note = ReadTextFile(options.file);
  if (!note.ok()) return note.failure();
  if (note->empty()) return FileFailure("there is no checkpoint in " + options.file);
  // None of the log's own: only what was named as a witness's counts.
  OrFailure<std::vector<std::string>> witnesses = FindVkeys(session, options.witness_vkeys);
  if (!witnesses.ok()) return witnesses.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<std::string> stored =
      client->AddCosignatures({*note, *std::move(witnesses), session.flags().reason});
  if (!stored.ok()) return session.FailureOf(stored.status());
  if (session.json()) {
    session.out() << "{\"cosigned_checkpoint\":" << JsonString(*stored) << "}\n";
  } else {
    session.out() << *stored;
    session.err() << "stored, and served from now on\n";
  }
  return std::nullopt;
}

}  // namespace

void AddAuditReadingCommands(Program* program, CLI::App* family) {
  const auto [checkpoint, checkpoint_options] = AddCommand<CheckpointOptions>(
      program, family, "checkpoint",
      "Show the log's latest signed checkpoint; with a key, verify it; needs no credential",
      "  gusu audit checkpoint --vkey registry.vkey > checkpoint\n"
      "  gusu audit checkpoint --cosigned --vkey registry.vkey --vkey witness.vkey\n"
      "  gusu --data /var/lib/gusu audit checkpoint --json",
      PrintCheckpoint);
  AddTrustOptions(checkpoint, &checkpoint_options->trust);
  checkpoint->add_flag("--cosigned", checkpoint_options->cosigned,
                       "The latest one that witnesses cosigned");

  const auto [entries, entries_options] = AddCommand<EntriesOptions>(
      program, family, "entries",
      "List the log's entries; what each was about, where the credential may read it",
      "  gusu --data /var/lib/gusu audit entries --since 2026-11-23 --limit 100\n"
      "  gusu --token-file sz-pumps.token audit entries --prefix 88.118.8\n"
      "  gusu audit entries --from 0 --to 10 --json",
      ListEntries);
  entries->add_option("--from", entries_options->from, "Index of the first entry");
  entries->add_option("--to", entries_options->to, "Index of the first entry not listed");
  entries->add_option("--since", entries_options->since,
                      "Only entries committed then or later: a date (UTC) or a time, RFC 3339");
  entries->add_option("--until", entries_options->until, "Only entries committed before");
  entries->add_option("--prefix", entries_options->prefix, "Only changes below this prefix");
  entries->add_option("--limit", entries_options->limit, "At most so many; 0: all");

  const auto [cosign, cosign_options] = AddCommand<CosignOptions>(
      program, family, "cosign",
      "Hand in a checkpoint that witnesses cosigned, to be served with the log",
      "  gusu --data /var/lib/gusu audit cosign checkpoint.cosigned --witness-vkey witness.vkey "
      "\\\n"
      "      --reason \"weekly exchange with the notary\"",
      Cosign);
  cosign->add_option("file", cosign_options->file, "File with the cosigned checkpoint")->required();
  AddRepeated(cosign, "--witness-vkey", &cosign_options->witness_vkeys,
              "Verifier key of a witness, or a file of them; again for more");
  cosign->get_option("--witness-vkey")->required();
}

}  // namespace gusu::cli
