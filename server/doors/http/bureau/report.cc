// The report of a period, as `gusu audit report` counts it.
#include "proto/papers/report.h"

#include "proto/papers/text.h"
#include "proto/text.h"
#include "server/audit/period_report.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/bureau/days_interval.h"
#include "server/doors/http/bureau/drawing.h"
#include "server/doors/http/bureau/heavy.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"

namespace gusu::server {
namespace {

using papers::Group;
using papers::Measure;
using papers::WithThousands;

constexpr int kDaysDefault = 30;
constexpr size_t kRegistrantsShown = 20;

// A report, and what its numbers are in.
struct Counted {
  Counted(const BureauRequest& request, const DaysInterval& interval)
      : report(CountPeriod(*request.rules().ledger, *request.rules().audit,
                           {.from_us = interval.from_us, .to_us = interval.to_us}, request.calendar,
                           request.caller, &tally)) {}
  Counted(const Counted&) = delete;

  papers::ReportTally tally;
  const absl::StatusOr<papers::Report> report;
};

void WriteSearch(HtmlWriter& html, const BureauRequest& request, const DaysInterval& interval) {
  html.Element("h1", request.Say({"审计报告", "Audit report"}));
  OpenSearch(html, request, "/bureau/report");
  WriteIntervalFields(html, request, interval);
  html.Element("button", request.Say({"统计", "Count"}), {{"type", "submit"}}).Close();
}

PageTable TableOf(const BureauRequest& request, const Words& caption, const Words& of_names) {
  PageTable table;
  table.caption = request.Say(caption);
  table.columns = {{of_names}};
  for (const Measure measure : papers::kMeasures) {
    const papers::Label label = papers::LabelOf(measure);
    table.columns.push_back({{label.chinese, label.english}, true});
  }
  return table;
}

void AddRow(const Group& group, PageTable* table) {
  const std::string& name = group.name.empty() ? group.key : group.name;
  std::vector<TableCell> row = {{name.empty() ? "—" : name, {}}};
  for (const Measure measure : papers::kMeasures) {
    row.push_back({WithThousands(group.counts[measure]), {}});
  }
  table->rows.push_back(std::move(row));
}

void WriteGroups(HtmlWriter& html, const BureauRequest& request, const Words& caption,
                 const Words& of_names, const std::vector<Group>& groups) {
  PageTable table = TableOf(request, caption, of_names);
  table.hides_caption = true;
  for (size_t i = 0; i < groups.size() && i < kRegistrantsShown; ++i) AddRow(groups[i], &table);
  html.Element("h2", request.Say(caption));
  WriteTable(html, request.language, table);
  if (groups.size() <= kRegistrantsShown) return;
  html.Element("p", request.Say({"其余见下载的报告。", "The report to download has the others."}));
}

void WriteDownloads(HtmlWriter& html, const BureauRequest& request, const DaysInterval& interval) {
  const auto url = [&](std::string_view path) {
    return request.Url(path).With("from", interval.first).With("to", interval.last);
  };
  html.Open("p", {{"class", "actions"}});
  html.Link(url("/bureau/report.html"),
            request.Say({"下载报告（HTML）", "Download the report (HTML)"}),
            {{"class", "button"}, {"download", ""}});
  html.Link(url("/bureau/report.csv"),
            request.Say({"下载数据（CSV）", "Download the numbers (CSV)"}),
            {{"class", "button second"}, {"download", ""}});
  html.Close();
}

void WriteReport(HtmlWriter& html, const BureauRequest& request, const papers::Report& report) {
  WriteFacts(
      html, request.language,
      {{{"起（含）", "From"}, report.calendar.ToText(report.from_us), {}},
       {{"止（不含）", "To, not included"}, report.calendar.ToText(report.to_us), {}},
       {{"本期日志条目", "Log entries of the period"}, WithThousands(report.leaves_count), {}},
       {{"所依据的检查点", "Counted at checkpoint"}, papers::ToText(report.log), {}}});
  if (!report.is_closed) {
    const HtmlElement callout(html, "div", {{"class", "callout warn"}});
    html.Element("p", request.Say({"该检查点中尚无期末之后的条目：此后提交而属于本期的变更未计入。",
                                   "The checkpoint has no entry after the period: changes that are "
                                   "committed within it later are not counted."}));
  }
  PageTable totals = TableOf(request, {"合计", "Totals"}, {"", ""});
  AddRow({"Σ", "", report.tally.total(), 0}, &totals);
  WriteTable(html, request.language, totals);
  Chart chart{std::string(request.Say({"登记：按日期", "Registrations by date"})),
              {"日期", "Date"},
              {"登记", "Registrations"},
              {}};
  for (const Group& period : papers::Periods(report)) {
    chart.bars.push_back({period.key, period.counts[Measure::kRegistrations]});
  }
  DrawColumns(html, request.language, chart);
  WriteGroups(html, request, {"按行政区划", "By district"}, {"区划", "District"},
              report.tally.Districts());
  WriteGroups(html, request, {"按行业类别", "By industry class"}, {"行业", "Class"},
              report.tally.Industries());
  WriteGroups(html, request, {"按企业", "By registrant"}, {"企业", "Registrant"},
              report.tally.Registrants());
}

void AnswerReport(const BureauRequest& request, const DaysInterval& interval) {
  const Counted counted(request, interval);
  if (!counted.report.ok()) {
    return AnswerFault(request, BureauSection::kReport, counted.report.status(),
                       request.Url("/bureau/report"));
  }
  HtmlWriter html;
  WriteSearch(html, request, interval);
  WriteDownloads(html, request, interval);
  WriteReport(html, request, *counted.report);
  AnswerPage(request, BureauSection::kReport, request.Say({"审计报告", "Report"}), html);
}

void AnswerDownload(const BureauRequest& request, const DaysInterval& interval, bool as_csv) {
  const Counted counted(request, interval);
  if (!counted.report.ok()) {
    return AnswerFault(request, BureauSection::kReport, counted.report.status(),
                       request.Url("/bureau/report"));
  }
  const papers::Language language = request.language == Language::kChinese
                                        ? papers::Language::kChinese
                                        : papers::Language::kEnglish;
  HttpResponse response =
      as_csv ? Answer(200, "text/csv; charset=utf-8", papers::ToCsv(*counted.report))
             : Answer(200, "text/html; charset=utf-8",
                      papers::ToHtml(*counted.report, language, kRegistrantsShown));
  response.SetHeader("Content-Disposition",
                     Concat("attachment; filename=\"report-", interval.first, "-", interval.last,
                            as_csv ? ".csv\"" : ".html\""));
  request.call.reply(std::move(response));
}

}  // namespace

void ShowReport(const BureauCall& call, WorkPool& heavy) {
  const absl::StatusOr<DaysInterval> interval = ReadInterval(*call, kDaysDefault);
  if (!interval.ok()) {
    return AnswerFault(*call, BureauSection::kReport, interval.status(),
                       call->Url("/bureau/report"));
  }
  RunHeavy(
      call, BureauSection::kReport, heavy,
      [interval = *interval](const BureauRequest& request) { AnswerReport(request, interval); });
}

void DownloadReport(const BureauCall& call, WorkPool& heavy, bool as_csv) {
  const absl::StatusOr<DaysInterval> interval = ReadInterval(*call, kDaysDefault);
  if (!interval.ok()) {
    return AnswerFault(*call, BureauSection::kReport, interval.status(),
                       call->Url("/bureau/report"));
  }
  RunHeavy(call, BureauSection::kReport, heavy,
           [interval = *interval, as_csv](const BureauRequest& request) {
             AnswerDownload(request, interval, as_csv);
           });
}

}  // namespace gusu::server
