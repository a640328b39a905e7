// gusu audit evidence: all that proves a code's history, in one archive.
#include <ostream>

#include "client/cli/audit_evidence_pack.h"
#include "client/cli/audit_papers.h"
#include "client/cli/output_file.h"
#include "client/cli/program.h"
#include "client/cli/table.h"
#include "client/cli/vkeys.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

struct EvidenceOptions {
  std::string identifier;
  std::string out;
  std::string language;
  std::string time_zone = kDefaultTimeZone;
  std::string checkpoint;
  std::vector<std::string> vkeys;
};

void PrintSummary(Session& session, const Evidence& evidence, const EvidenceOptions& options) {
  const VerifiedLeaf& first = evidence.revisions.front().verified;
  if (session.json()) {
    session.out() << "{\"identifier\":" << JsonString(evidence.answer.content.identifier)
                  << ",\"revisions\":" << evidence.revisions.size()
                  << ",\"checkpoint\":" << ToJson(evidence.checkpoint.verified)
                  << ",\"file\":" << JsonString(options.out) << "}\n";
    return;
  }
  const auto time = [](uint64_t time_us) {
    return ToText(Timestamp(std::chrono::microseconds(time_us)));
  };
  Table table;
  table.AddRow({"Identifier", evidence.answer.content.identifier});
  table.AddRow({"Registered by", first.opening->registrant + ", " + time(first.commit_time_us)});
  table.AddRow({"Revisions", std::to_string(evidence.revisions.size()) +
                                 ", each proven and linked with the one before"});
  table.AddRow({"Unaltered since", time(evidence.answer.record.commit_time_us)});
  table.AddRow({"Proven at", CheckpointText(evidence.checkpoint.verified)});
  table.AddRow({"Stated", "no newer revision at " + time(evidence.answer.stated_time_us) +
                              "; later changes and recalls not known"});
  table.AddRow({"Written", options.out});
  table.Print(session.out(), false);
}

MaybeFailure WriteEvidence(Session& session, const EvidenceOptions& options) {
  const OrFailure<papers::Language> language = ToLanguage(options.language);
  if (!language.ok()) return language.failure();
  const OrFailure<DayCalendar> calendar = DayCalendar::OfZone(options.time_zone);
  if (!calendar.ok()) return calendar.failure();
  const OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, options.vkeys);
  if (!vkeys.ok()) return vkeys.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const OrFailure<Evidence> evidence =
      GatherEvidence(session, *client, options.identifier, options.checkpoint, *vkeys);
  if (!evidence.ok()) return evidence.failure();
  const absl::StatusOr<std::string> bytes =
      papers::ToPack(ToPaper(*evidence), *language, *calendar).ToBytes();
  if (!bytes.ok()) return FileFailure("the archive: " + std::string(bytes.status().message()));
  if (MaybeFailure failure = WriteOutputFile(options.out, *bytes)) return failure;
  PrintSummary(session, *evidence, options);
  return std::nullopt;
}

}  // namespace

void AddAuditEvidenceCommand(Program* program, CLI::App* family) {
  const auto [evidence, options] = AddCommand<EvidenceOptions>(
      program, family, "evidence",
      "Pack a code's whole history with its proofs, a page to read, and how to verify all of it "
      "with other tools",
      "  gusu --token-file sz-pumps.token audit evidence 88.118.8/HP-1 --vkey registry.vkey \\\n"
      "      --out HP-1.zip\n"
      "  gusu --data /var/lib/gusu audit evidence 88.118.8/HP-1 --out HP-1.zip --language en\n"
      "Everything is verified before it is packed. VERIFY.md in the pack tells how, step by step.",
      WriteEvidence);
  evidence->add_option("code", options->identifier, "Identifier")->required();
  evidence->add_option("--out", options->out, "Writes the archive, ZIP")->required();
  evidence->add_option("--language", options->language, "Of the page: zh, en or both (default)");
  evidence->add_option("--time-zone", options->time_zone, "Of the times that the page shows")
      ->capture_default_str();
  evidence->add_option("--checkpoint", options->checkpoint,
                       "File with the checkpoint to prove it in; default: the latest cosigned one "
                       "that covers it, else the latest");
  AddVkeyOption(evidence, &options->vkeys);
}

}  // namespace gusu::cli
