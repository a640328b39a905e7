// gusu audit report: what was registered and changed in an interval, for the bureau.
#include <ostream>

#include "client/cli/audit_papers.h"
#include "client/cli/audit_report_count.h"
#include "client/cli/output_file.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/table.h"
#include "client/cli/vkeys.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

struct ReportOptions {
  std::string from;
  std::string to;
  std::string time_zone = kDefaultTimeZone;
  std::string html;
  std::string csv;
  std::string language;
  std::string checkpoint;
  size_t registrants_max = 20;
  std::vector<std::string> vkeys;
};

std::vector<std::string> WrittenFiles(const ReportOptions& options) {
  std::vector<std::string> files;
  for (const std::string& file : {options.html, options.csv}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

std::string SummaryJson(const Report& report, const ReportOptions& options) {
  std::string json = "{\"leaves_counted\":" + std::to_string(report.leaves.count());
  for (const papers::Measure measure : papers::kMeasures) {
    json += ",\"" + std::string(NameOf(measure)) +
            "\":" + std::to_string(report.tally.total()[measure]);
  }
  json += std::string(",\"closed\":") + (report.is_closed ? "true" : "false") +
          ",\"checkpoint\":" + ToJson(report.checkpoint.verified) + ",\"files\":[";
  for (const std::string& file : WrittenFiles(options)) {
    json += (json.back() == '[' ? "" : ",") + JsonString(file);
  }
  return json + "]}";
}

void PrintSummary(Session& session, const Report& report, const ReportOptions& options) {
  if (session.json()) {
    session.out() << SummaryJson(report, options) << '\n';
    return;
  }
  const DayCalendar& calendar = report.calendar;
  Table table;
  table.AddRow({"From", calendar.ToText(ToMicroseconds(report.interval.from))});
  table.AddRow({"To", calendar.ToText(ToMicroseconds(report.interval.to)) + ", not included"});
  for (const papers::Measure measure : papers::kMeasures) {
    table.AddRow(
        {std::string(LabelOf(measure).english), WithThousands(report.tally.total()[measure])});
  }
  table.AddRow({"Counted at", CheckpointText(report.checkpoint.verified)});
  for (const std::string& file : WrittenFiles(options)) table.AddRow({"Written", file});
  table.Print(session.out(), false);
  session.out() << "\nChecked: the checkpoint's signature; all "
                << WithThousands(report.leaves.count())
                << " leaves of the interval lead to its root, none is left out, and each is opened "
                   "by what was counted; "
                << "registrants' names and districts, in " << WithThousands(report.profiles_count)
                << " of their revisions, are what their leaves bind.\n";
  if (!report.is_closed) {
    session.out() << "The checkpoint has no leaf after the interval: what is committed within it "
                     "later is not counted.\n";
  }
}

MaybeFailure WriteFiles(const Report& report, const ReportOptions& options,
                        papers::Language language) {
  if (!options.html.empty()) {
    const std::string page = papers::ToHtml(ToPaper(report), language, options.registrants_max);
    if (auto failure = WriteOutputFile(options.html, page)) return failure;
  }
  if (options.csv.empty()) return std::nullopt;
  return WriteOutputFile(options.csv, papers::ToCsv(ToPaper(report)));
}

MaybeFailure WriteReport(Session& session, const ReportOptions& options) {
  const OrFailure<papers::Language> language = ToLanguage(options.language);
  if (!language.ok()) return language.failure();
  const OrFailure<DayCalendar> calendar = DayCalendar::OfZone(options.time_zone);
  if (!calendar.ok()) return calendar.failure();
  const OrFailure<TimeInterval> interval = ParseInterval(options.from, options.to, *calendar);
  if (!interval.ok()) return interval.failure();
  const OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, options.vkeys);
  if (!vkeys.ok()) return vkeys.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  OrFailure<KnownCheckpoint> checkpoint =
      FindCheckpoint(session, *client, options.checkpoint, *vkeys);
  if (!checkpoint.ok()) return checkpoint.failure();
  const OrFailure<Report> report =
      CountInterval(session, *client, std::move(*checkpoint), *calendar, *interval);
  if (!report.ok()) return report.failure();
  if (MaybeFailure failure = WriteFiles(*report, options, *language)) return failure;
  PrintSummary(session, *report, options);
  return std::nullopt;
}

}  // namespace

void AddAuditReportCommand(Program* program, CLI::App* family) {
  const auto [report, options] = AddCommand<ReportOptions>(
      program, family, "report",
      "Count what was registered and changed in an interval, at a signed checkpoint; for the "
      "bureau",
      "  gusu --data /var/lib/gusu audit report --from 2026-11-01 --to 2026-12-01 \\\n"
      "      --out november.html --csv november.csv\n"
      "  gusu --token-file auditor.token audit report --vkey registry.vkey \\\n"
      "      --from 2026-01-01 --to 2027-01-01 --language zh --out 2026.html\n"
      "The page prints well, stands alone and has no scripts; the table has one number a row:\n"
      "  section,key,name,measure,count,from,to,origin,tree_size,root_hex\n"
      "What was counted is proven first; exit code 1 when the log does not show it.",
      WriteReport);
  report->add_option("--from", options->from, "First day, or time, that is counted")->required();
  report->add_option("--to", options->to, "First day, or time, that is not counted any more")
      ->required();
  report->add_option("--time-zone", options->time_zone, "Whose days; the registry's")
      ->capture_default_str();
  report->add_option("--out", options->html, "Writes the page, HTML");
  report->add_option("--csv", options->csv, "Writes the table, CSV in UTF-8");
  report->add_option("--language", options->language, "zh, en or both (default)");
  report->add_option("--top", options->registrants_max, "How many registrants are named")
      ->capture_default_str();
  report->add_option("--checkpoint", options->checkpoint,
                     "File with the checkpoint to count at; default: the latest");
  AddVkeyOption(report, &options->vkeys);
}

}  // namespace gusu::cli
