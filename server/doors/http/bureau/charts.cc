#include <algorithm>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/papers/text.h"
#include "proto/text.h"
#include "server/doors/http/bureau/days_interval.h"
#include "server/doors/http/bureau/drawing.h"
#include "server/doors/http/bureau/figures.h"
#include "server/doors/http/bureau/heavy.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"
#include "server/registrar.h"

namespace gusu::server {
namespace {

constexpr int kDaysDefault = 30;
// More days than these are shown by the month.
constexpr size_t kDaysMax = 92;
constexpr size_t kTop = 10;

using Sums = BureauFigures::Sums;
using Number = uint64_t Sums::*;

// One bar for each day of the interval, or for each month.
std::vector<Bar> ByDay(const DaysInterval& interval, const BureauFigures& figures, Number number) {
  const std::vector<std::string> days = DaysOf(interval);
  const size_t key_length = days.size() > kDaysMax ? 7 : 10;  // 2026-11 or 2026-11-23
  std::vector<Bar> bars;
  for (const std::string& day : days) {
    const std::string key = day.substr(0, key_length);
    if (bars.empty() || bars.back().name != key) bars.push_back({key, 0});
    const auto found = figures.days.find(day);
    if (found != figures.days.end()) bars.back().count += found->second.*number;
  }
  return bars;
}

std::vector<Bar> TopTen(const std::map<std::string, Sums>& groups, Number number) {
  std::vector<Bar> bars;
  for (const auto& [key, sums] : groups) {
    if (sums.*number > 0) bars.push_back({key.empty() ? "—" : key, sums.*number});
  }
  std::stable_sort(bars.begin(), bars.end(),
                   [](const Bar& a, const Bar& b) { return a.count > b.count; });
  bars.resize(std::min(bars.size(), kTop));
  return bars;
}

// With the name that the registrant has today.
std::vector<Bar> WithNames(const BureauRequest& request, std::vector<Bar> bars) {
  for (Bar& bar : bars) {
    v1::GetRegistrantRequest get;
    get.set_name(bar.name);
    v1::Registrant registrant;
    if (request.rules().registrar->GetRegistrant(get, request.caller, &registrant).ok()) {
      bar.name = registrant.legal_name();
    }
  }
  return bars;
}

void WriteSearch(HtmlWriter& html, const BureauRequest& request, const DaysInterval& interval,
                 const std::string& parent) {
  html.Element("h1", request.Say({"登记与解析", "Registrations and resolutions"}));
  OpenSearch(html, request, "/bureau/charts");
  WriteIntervalFields(html, request, interval);
  WriteField(html, request,
             {"parent",
              {"registrants/企业代号 或 prefixes/前缀（可不填）",
               "registrants/ID or prefixes/PREFIX (may be empty)"},
              "text",
              parent});
  html.Element("button", request.Say({"查看", "Show"}), {{"type", "submit"}}).Close();
}

void WriteTotals(HtmlWriter& html, const BureauRequest& request, const DaysInterval& interval,
                 const BureauFigures& figures) {
  using papers::WithThousands;
  WriteFacts(
      html, request.language,
      {{{"时期", "Period"}, Concat(interval.first, " – ", interval.last), {}},
       {{"时区", "Time zone"}, request.calendar.zone(), {}},
       {{"登记的标识", "Records registered"}, WithThousands(figures.total.registrations), {}},
       {{"号段分配的标识", "Codes allocated in ranges"},
        WithThousands(figures.total.range_codes),
        {}},
       {{"解析次数", "Codes resolved"}, WithThousands(figures.total.resolutions), {}}});
}

struct Kind {
  Number number;
  Words what;
};
constexpr Kind kKinds[] = {{&Sums::registrations, {"登记", "Registrations"}},
                           {&Sums::resolutions, {"解析", "Resolutions"}}};

void WriteCharts(HtmlWriter& html, const BureauRequest& request, const DaysInterval& interval,
                 const BureauFigures& figures) {
  const Language language = request.language;
  for (const Kind& kind : kKinds) {
    const Number number = kind.number;
    const Words& what = kind.what;
    const auto caption = [&](const Words& by) {
      return Concat(request.Say(what), request.Say(by));
    };
    html.Element("h2", request.Say(what));
    DrawColumns(
        html, language,
        {caption({"：按日", " by day"}), {"日期", "Day"}, what, ByDay(interval, figures, number)});
    DrawBars(html, language,
             {caption({"：区划前十", ": top ten districts"}),
              {"区划 GB/T 2260", "District, GB/T 2260"},
              what,
              TopTen(figures.districts, number)});
    DrawBars(html, language,
             {caption({"：行业前十", ": top ten industry classes"}),
              {"行业 GB/T 4754", "Class, GB/T 4754"},
              what,
              TopTen(figures.industries, number)});
    DrawBars(html, language,
             {caption({"：企业前十", ": top ten registrants"}),
              {"企业", "Registrant"},
              what,
              WithNames(request, TopTen(figures.registrants, number))});
  }
  html.Open("p").Element(
      "small",
      request.Say(
          {"登记按变更提交时企业的区划与行业计，解析按前缀持有者今日的区划与行业计；— 表示未填。"
           "解析数每隔数秒写入。",
           "Registrations count where the registrant was when they were committed, resolutions "
           "where the prefix's holder is today; — stands for none given. Resolutions are written "
           "every few seconds."}));
  html.Close();
}

void AnswerCharts(const BureauRequest& request, const DaysInterval& interval) {
  const std::string parent = request.Typed("parent");
  const absl::StatusOr<BureauFigures> figures =
      SumFigures(request.rules(), request.caller,
                 {parent, interval.first, papers::Calendar::DayAfter(interval.last)});
  if (!figures.ok()) {
    return AnswerFault(request, BureauSection::kCharts, figures.status(),
                       request.Url("/bureau/charts"));
  }
  HtmlWriter html;
  WriteSearch(html, request, interval, parent);
  WriteTotals(html, request, interval, *figures);
  WriteCharts(html, request, interval, *figures);
  AnswerPage(request, BureauSection::kCharts, request.Say({"图表", "Charts"}), html);
}

}  // namespace

void ShowCharts(const BureauCall& call, WorkPool& heavy) {
  const absl::StatusOr<DaysInterval> interval = ReadInterval(*call, kDaysDefault);
  if (!interval.ok()) {
    return AnswerFault(*call, BureauSection::kCharts, interval.status(),
                       call->Url("/bureau/charts"));
  }
  RunHeavy(
      call, BureauSection::kCharts, heavy,
      [interval = *interval](const BureauRequest& request) { AnswerCharts(request, interval); });
}

}  // namespace gusu::server
