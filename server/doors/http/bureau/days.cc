// Search by day: what was registered, by prefix, and the records below one of them.
#include <optional>

#include "absl/time/clock.h"
#include "gusu/v1/record_requests.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/error.h"
#include "proto/papers/evidence.h"
#include "proto/papers/text.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"
#include "server/doors/http/pages/words.h"
#include "server/resolver.h"
#include "server/resource_fields.h"
#include "server/statistics/statistics.h"

namespace gusu::server {
namespace {

constexpr uint32_t kPageRows = 100;
constexpr size_t kNameBytesMax = 200;  // of a record's name in the list

struct Typed {
  std::string day;     // YYYY-MM-DD
  std::string prefix;  // empty: all
};

Typed ReadTyped(const BureauRequest& request) {
  Typed typed{request.Typed("date"), request.Typed("prefix")};
  if (typed.day.empty()) {
    typed.day = request.calendar.DayOf(static_cast<uint64_t>(absl::ToUnixMicros(absl::Now())));
  }
  return typed;
}

void WriteSearch(HtmlWriter& html, const BureauRequest& request, const Typed& typed) {
  html.Element("h1", request.Say({"按日查询", "By day"}));
  OpenSearch(html, request, "/bureau/days");
  WriteField(html, request, {"date", {"日期", "Day"}, "date", typed.day, true});
  WriteField(html, request,
             {"prefix", {"前缀（可不填）", "Prefix (may be empty)"}, "text", typed.prefix});
  html.Element("button", request.Say({"查询", "Search"}), {{"type", "submit"}}).Close();
}

absl::Status DayInvalid(const std::string& day) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat("date ", Quote(day), ": YYYY-MM-DD, of a day that there is"),
               {{"field", "date"}, {"value", day}});
}

uint64_t RetiredOf(const v1::Counts& counts) {
  uint64_t retired = 0;
  for (const v1::RetiredCount& count : counts.retired()) retired += count.count();
  return retired;
}

std::vector<TableCell> RowOf(const BureauRequest& request, const Typed& typed,
                             const v1::DayCounts& day) {
  constexpr std::string_view kPrefixes = "prefixes/";
  const std::string prefix = day.prefix().substr(kPrefixes.size());
  const v1::Counts& counts = day.counts();
  return {{prefix, request.Url("/bureau/days").With("date", typed.day).With("prefix", prefix)},
          {day.registrant(), RegistrantUrl(request, day.registrant())},
          {papers::WithThousands(counts.created()), {}},
          {papers::WithThousands(counts.changed()), {}},
          {papers::WithThousands(RetiredOf(counts)), {}},
          {papers::WithThousands(counts.range_codes_allocated()), {}}};
}

absl::Status WriteCounts(HtmlWriter& html, const BureauRequest& request, const Typed& typed) {
  v1::GetStatisticsRequest get;
  if (!typed.prefix.empty()) get.set_parent(Concat("prefixes/", typed.prefix));
  get.set_from_date(typed.day);
  get.set_to_date(papers::Calendar::DayAfter(typed.day));
  get.set_page_size(kPageRows);
  if (typed.prefix.empty()) get.set_page_token(request.Parameter("page_token"));
  v1::GetStatisticsResponse page;
  const absl::Status status = request.rules().statistics->GetStatistics(get, request.caller, &page);
  if (!status.ok()) return status;
  PageTable table;
  table.caption = Concat(typed.day, request.Say({" 的变动", ": what happened"}));
  table.columns = {{{"前缀", "Prefix"}},           {{"企业", "Registrant"}},
                   {{"登记", "Registered"}, true}, {{"变更", "Changed"}, true},
                   {{"注销", "Retired"}, true},    {{"号段分配", "Range codes"}, true}};
  table.when_empty = {"这一天没有变动。", "Nothing happened on this day."};
  for (const v1::DayCounts& day : page.days()) table.rows.push_back(RowOf(request, typed, day));
  WriteTable(html, request.language, table);
  if (typed.prefix.empty()) {
    WriteNext(html, request, request.Url("/bureau/days").With("date", typed.day),
              page.next_page_token());
  }
  return absl::OkStatus();
}

std::string NameOf(const v1::Record& record) {
  for (const v1::Value& value : record.values()) {
    if (value.type() == "name" || value.type() == "NAME") {
      return papers::ToValueText(std::string(CutUtf8(value.data(), kNameBytesMax)));
    }
  }
  return "";
}

absl::Status WriteRecords(HtmlWriter& html, const BureauRequest& request, const Typed& typed,
                          uint64_t from_us, uint64_t before_us) {
  v1::ListRecordsRequest list;
  list.set_parent(Concat("prefixes/", typed.prefix));
  FillTime(from_us, list.mutable_create_time()->mutable_from());
  FillTime(before_us, list.mutable_create_time()->mutable_before());
  list.set_page_size(kPageRows);
  list.set_page_token(request.Parameter("page_token"));
  v1::ListRecordsResponse page;
  const absl::Status status = request.rules().resolver->ListRecords(list, request.caller, &page);
  if (!status.ok()) return status;
  html.Element("h2", request.Say({"当日登记的标识", "Records registered on this day"}));
  PageTable table;
  table.caption = Concat(typed.prefix, ", ", typed.day);
  table.columns = {{{"标识", "Code"}},  {{"名称", "Name"}},     {{"状态", "State"}},
                   {{"层级", "Level"}}, {{"模板", "Template"}}, {{"登记时间", "Registered"}}};
  for (const v1::Record& record : page.records()) {
    const uint64_t created_us = static_cast<uint64_t>(record.create_time().seconds()) * 1'000'000;
    table.rows.push_back({{record.identifier(), CodeUrl(request, record.identifier())},
                          {NameOf(record), {}},
                          {std::string(request.Say(RecordStateWords(record.state()))), {}},
                          {std::string(request.Say(RecordLevelWords(record.level()))), {}},
                          {record.template_(), {}},
                          {request.calendar.ToText(created_us), {}}});
  }
  WriteTable(html, request.language, table);
  WriteNext(html, request,
            request.Url("/bureau/days").With("date", typed.day).With("prefix", typed.prefix),
            page.next_page_token());
  return absl::OkStatus();
}

}  // namespace

void ShowDay(const BureauCall& call) {
  const BureauRequest& request = *call;
  const Typed typed = ReadTyped(request);
  const auto from_us = request.calendar.BeginningOf(typed.day);
  HtmlWriter html;
  WriteSearch(html, request, typed);
  absl::Status status = from_us.has_value() ? absl::OkStatus() : DayInvalid(typed.day);
  if (status.ok()) status = WriteCounts(html, request, typed);
  if (status.ok() && !typed.prefix.empty()) {
    const auto before_us = request.calendar.BeginningOf(papers::Calendar::DayAfter(typed.day));
    status = WriteRecords(html, request, typed, *from_us, before_us.value_or(*from_us));
  }
  if (!status.ok()) {
    return AnswerFault(request, BureauSection::kDays, status, request.Url("/bureau/days"));
  }
  AnswerPage(request, BureauSection::kDays, request.Say({"按日查询", "By day"}), html);
}

}  // namespace gusu::server
