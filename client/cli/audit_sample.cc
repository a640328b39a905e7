// gusu audit sample: leaves that nobody chose, and what is missing or doubtful in them.
#include <ostream>

#include "client/cli/audit_sample_draw.h"
#include "client/cli/audit_sample_take.h"
#include "client/cli/output_file.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/table.h"
#include "client/cli/vkeys.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

struct SampleOptions {
  std::string from;
  std::string to;
  std::string time_zone = kDefaultTimeZone;
  uint64_t count = 1000;
  std::string seed;
  std::string out;
  std::vector<std::string> vkeys;
};

void PrintJson(Session& session, const Sample& sample) {
  for (const SampledLeaf& leaf : sample.drawn) {
    std::string findings;
    for (const Finding& finding : leaf.findings) {
      findings += (findings.empty() ? "" : ",") + ("{\"code\":" + JsonString(finding.code)) +
                  ",\"field\":" + JsonString(finding.field) +
                  ",\"sentence\":" + JsonString(finding.sentence) + "}";
    }
    session.out() << "{\"leaf_index\":" << leaf.leaf_index << ",\"time\":"
                  << JsonString(ToText(Timestamp(std::chrono::microseconds(leaf.commit_time_us))))
                  << ",\"operation\":" << JsonString(leaf.opening.operation)
                  << ",\"code\":" << JsonString(leaf.code)
                  << ",\"registrant\":" << JsonString(leaf.opening.registrant) << ",\"findings\":["
                  << findings << "]}\n";
  }
  session.out() << "{\"leaves_drawn\":" << sample.drawn.size()
                << ",\"leaves_in_interval\":" << sample.leaves.count()
                << ",\"findings\":" << sample.findings_count()
                << ",\"seed\":" << ToJson(sample.seed.verified) << "}\n";
}

void PrintTable(Session& session, const Sample& sample, const DayCalendar& calendar) {
  Table table({"LEAF", "TIME", "OPERATION", "CODE", "REGISTRANT", "FINDINGS"});
  for (const SampledLeaf& leaf : sample.drawn) {
    std::string findings;
    for (const Finding& finding : leaf.findings) {
      findings += (findings.empty() ? "" : "; ") + finding.code + ": " + finding.sentence;
    }
    std::vector<std::string> cells = CellsOf(leaf, calendar);
    cells.push_back(std::move(findings));
    table.AddRow(std::move(cells));
  }
  table.Print(session.out(), session.colour());
}

MaybeFailure TellSample(Session& session, const SampleOptions& options, const Sample& sample,
                        const DayCalendar& calendar) {
  if (!options.out.empty()) {
    if (auto failure = WriteOutputFile(options.out, ToCsv(sample, calendar))) return failure;
  }
  if (session.json()) {
    PrintJson(session, sample);
    return std::nullopt;
  }
  if (options.out.empty()) PrintTable(session, sample, calendar);
  session.out() << "Drew " << WithThousands(sample.drawn.size()) << " of "
                << WithThousands(sample.leaves.count()) << " leaves, "
                << WithThousands(sample.findings_count()) << " findings; seed "
                << CheckpointText(sample.seed.verified) << '\n';
  return std::nullopt;
}

MaybeFailure WriteSample(Session& session, const SampleOptions& options) {
  const OrFailure<DayCalendar> calendar = DayCalendar::OfZone(options.time_zone);
  if (!calendar.ok()) return calendar.failure();
  const OrFailure<TimeInterval> interval = ParseInterval(options.from, options.to, *calendar);
  if (!interval.ok()) return interval.failure();
  const OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, options.vkeys);
  if (!vkeys.ok()) return vkeys.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  OrFailure<KnownCheckpoint> seed = FindCheckpoint(session, *client, options.seed, *vkeys);
  if (!seed.ok()) return seed.failure();
  const OrFailure<Sample> sample =
      TakeSample(session, *client, std::move(*seed), *interval, options.count);
  if (!sample.ok()) return sample.failure();
  return TellSample(session, options, *sample, *calendar);
}

}  // namespace

void AddAuditSampleCommand(Program* program, CLI::App* family) {
  const auto [sample, options] = AddCommand<SampleOptions>(
      program, family, "sample",
      "Draw leaves of an interval by the root of a later checkpoint, so that nobody chose them, "
      "and "
      "tell what is missing or doubtful in them; for the bureau",
      "  gusu --data /var/lib/gusu audit checkpoint > december.checkpoint\n"
      "  gusu --data /var/lib/gusu audit sample --from 2026-11-01 --to 2026-12-01 \\\n"
      "      --count 1000 --seed december.checkpoint --out sample.csv\n"
      "Everybody who has the same checkpoint draws the same leaves; the rule is in "
      "proto/AUDIT.md.\n"
      "Each leaf is proven in the seed's tree before it is looked at. Findings are no failure.",
      WriteSample);
  sample->add_option("--from", options->from, "First day, or time, of the interval")->required();
  sample->add_option("--to", options->to, "First day, or time, that is not in it")->required();
  sample->add_option("--time-zone", options->time_zone, "Whose days; the registry's")
      ->capture_default_str();
  sample->add_option("--count", options->count, "How many leaves")
      ->check(CLI::Range(uint64_t{1}, kSampleLeavesMax))
      ->capture_default_str();
  sample
      ->add_option("--seed", options->seed,
                   "File with a checkpoint that the log signed after the interval")
      ->required();
  sample->add_option("--out", options->out, "Writes leaves and findings as CSV, a finding a row");
  AddVkeyOption(sample, &options->vkeys);
}

}  // namespace gusu::cli
