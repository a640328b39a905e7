#include <algorithm>

#include "proto/base64.h"
#include "proto/papers/report.h"
#include "proto/papers/text.h"

namespace gusu::papers {
namespace {

// More days than these are shown by the month.
constexpr size_t kDaysMax = 92;

constexpr Label kRegistrantLabel = {"企业", "Registrant"};
constexpr Label kRegistrantsLabel = {"企业数", "Registrants"};

void AddMeasureColumns(HtmlTable* table) {
  for (const Measure measure : kMeasures) table->columns.push_back({LabelOf(measure), true});
}

void AppendCounts(const Counts& counts, std::vector<std::string>* cells) {
  for (const Measure measure : kMeasures) cells->push_back(WithThousands(counts[measure]));
}

// The checkpoint that a table's numbers were counted at, for below its caption.
std::string CountedAt(const Report& report, Language language) {
  const std::string checkpoint = ToText(report.log);
  if (language == Language::kChinese) return "计于检查点：" + checkpoint;
  if (language == Language::kEnglish) return "Counted at checkpoint " + checkpoint;
  return "计于检查点 Counted at checkpoint: " + checkpoint;
}

class Page {
 public:
  Page(const Report& report, Language language, size_t registrants_max)
      : report_(report),
        tally_(report.tally),
        registrants_max_(registrants_max),
        counted_at_(CountedAt(report, language)),
        page_(language, {"工业标识登记审计报告", "Audit report of the identifier registry"}) {}

  std::string Write() && {
    AddFacts();
    AddTotals();
    AddPeriods();
    AddGroups({"按行政区划", "By district"}, {"区划代码 GB/T 2260", "District, GB/T 2260"},
              tally_.Districts());
    AddGroups({"按行业类别", "By industry class"}, {"行业代码 GB/T 4754", "Class, GB/T 4754"},
              tally_.Industries());
    AddRegistrants();
    AddOperations();
    AddChecked();
    page_.AddHeading({"检查点", "Checkpoint"});
    page_.AddText(report_.log.checkpoint);
    return std::move(page_).Finish();
  }

 private:
  void AddFacts() {
    const LogState& log = report_.log;
    const Calendar& calendar = report_.calendar;
    std::vector<HtmlPage::Fact> facts = {
        {{"起（含）", "From"}, calendar.ToText(report_.from_us)},
        {{"止（不含）", "To, not included"}, calendar.ToText(report_.to_us)},
        {{"时区", "Time zone"}, calendar.zone()},
        {{"日志", "Log"}, log.origin},
        {{"检查点：叶数", "Checkpoint: leaves"}, WithThousands(log.tree_size)},
        {{"检查点：根", "Checkpoint: root"}, Base64Encode(log.root)},
    };
    for (const LogState::Cosignature& cosignature : log.cosignatures) {
      facts.push_back(
          {{"见证方联署", "Cosigned by"},
           cosignature.witness + ", " + calendar.ToText(cosignature.time_s * 1'000'000)});
    }
    if (report_.last_leaf_time_us != 0) {
      facts.push_back(
          {{"所读最后一叶", "Last leaf read"}, calendar.ToText(report_.last_leaf_time_us)});
    }
    page_.AddFacts(facts);
    if (!report_.is_closed) {
      page_.AddParagraph({"该检查点中尚无期末之后的叶：此后提交而属于本期的变更未计入。",
                          "The checkpoint has no leaf after the interval: changes that were "
                          "committed within it later are not counted."});
    }
  }

  void AddTotals() {
    page_.AddHeading({"合计", "Totals"});
    HtmlTable table;
    table.caption = {"标识的变动", "Changes of identifiers"};
    table.note = counted_at_;
    AddMeasureColumns(&table);
    table.columns.push_back({{"合计", "Total"}, true});
    table.rows.emplace_back();
    AppendCounts(tally_.total(), &table.rows.back());
    table.rows.back().push_back(WithThousands(tally_.total().total()));
    page_.AddTable(table);
  }

  void AddPeriods() {
    const std::vector<Group> periods = Periods(report_);
    std::vector<HtmlBar> registrations, others;
    HtmlTable table;
    table.caption = {"按日期", "By date"};
    table.note = counted_at_;
    table.columns.push_back({{"日期", "Date"}, false});
    AddMeasureColumns(&table);
    for (const Group& period : periods) {
      const uint64_t registered = period.counts[Measure::kRegistrations];
      registrations.push_back({period.key, registered});
      others.push_back({period.key, period.counts.total() - registered});
      if (period.counts.total() == 0) continue;
      table.rows.push_back({period.key});
      AppendCounts(period.counts, &table.rows.back());
    }
    AddTotal(&table);
    page_.AddHeading({"按日期", "By date"});
    page_.AddBars({"登记", "Registrations"}, registrations);
    page_.AddBars({"其他变动", "Other changes"}, others);
    page_.AddTable(table);
  }

  void AddGroups(Label heading, Label key_heading, const std::vector<Group>& groups) {
    HtmlTable table;
    table.caption = heading;
    table.note = counted_at_;
    table.columns.push_back({key_heading, false});
    table.columns.push_back({kRegistrantsLabel, true});
    AddMeasureColumns(&table);
    for (const Group& group : groups) {
      table.rows.push_back(
          {group.key.empty() ? "—" : group.key, WithThousands(group.registrants_count)});
      AppendCounts(group.counts, &table.rows.back());
    }
    AddTotal(&table);
    page_.AddHeading(heading);
    page_.AddTable(table);
  }

  void AddRegistrants() {
    const std::vector<Group> registrants = tally_.Registrants();
    HtmlTable table;
    table.caption = {"登记最多的企业", "Registrants with most registrations"};
    table.note = counted_at_;
    table.columns = {{{"", "#"}, true}, {kRegistrantLabel, false}, {{"名称", "Name"}, false}};
    AddMeasureColumns(&table);
    Counts rest;
    for (size_t i = 0; i < registrants.size(); ++i) {
      const Group& group = registrants[i];
      if (i >= registrants_max_) {
        for (const Measure measure : kMeasures) rest[measure] += group.counts[measure];
        continue;
      }
      table.rows.push_back({std::to_string(i + 1), group.key, group.name});
      AppendCounts(group.counts, &table.rows.back());
    }
    if (registrants.size() > registrants_max_) {
      table.rows.push_back({"", "+ " + WithThousands(registrants.size() - registrants_max_), "…"});
      AppendCounts(rest, &table.rows.back());
    }
    AddTotal(&table);
    page_.AddHeading({"按企业", "By registrant"});
    page_.AddTable(table);
  }

  void AddOperations() {
    HtmlTable table;
    table.caption = {"日志中的全部操作", "All operations in the log"};
    table.note = counted_at_;
    table.columns = {{{"操作", "Operation"}, false}, {{"叶数", "Leaves"}, true}};
    for (const auto& [operation, count] : tally_.operations()) {
      table.rows.push_back({operation, WithThousands(count)});
    }
    table.total = {"Σ", WithThousands(tally_.operations_count())};
    page_.AddHeading({"按操作", "By operation"});
    page_.AddTable(table);
  }

  // The sums of all identifiers' changes, under the columns that the table has for them.
  void AddTotal(HtmlTable* table) {
    table->total.assign(table->columns.size() - std::size(kMeasures), "");
    table->total.front() = "Σ";
    AppendCounts(tally_.total(), &table->total);
  }

  void AddChecked() {
    if (!report_.is_proven) return AddNotChecked();
    const std::string leaves = WithThousands(report_.leaves_count);
    const std::string profiles = WithThousands(report_.profiles_count);
    page_.AddHeading({"本报告核对了什么", "What was checked"});
    page_.AddList(
        {"检查点的签名有效，密钥由制表人给出。",
         "本期共 " + leaves +
             " 叶，连同其前后各一叶（如有），逐一散列至检查点的根；编号连续，无一遗漏。",
         "提交时间严格递增；前一叶早于期初" +
             std::string(report_.is_closed ? "，后一叶不早于期末。" : "。"),
         "每一叶均由所计数的内容开启（盐与开启字节的散列即叶）。",
         "企业名称、区划与行业取自变更提交时的登记内容；" + profiles +
             " 个企业版本逐一由其叶证明。企业未填者记为 —。",
         "未核对：标识内容与库存是否一致。此由 gusu audit verify 核对。"},
        {"The checkpoint's signature holds under keys given by whoever made this report.",
         "All " + leaves +
             " leaves of the interval, with those just before and after it, if any, were hashed "
             "up to the checkpoint's root; their numbers follow one another, none is left out.",
         std::string("Commit times strictly ascend; the leaf before is earlier than the interval") +
             (report_.is_closed ? ", the one after is not within it." : "."),
         "Each leaf is opened by what was counted (it is the hash of salt and opening).",
         "Names, districts and classes are the registrants' own as of each change; " + profiles +
             " revisions of registrants were proven by their leaves. — stands for none given.",
         "Not checked: that stored records are what the log binds. gusu audit verify does that."});
  }

  // What a registry says of itself proves nothing; this says how to make it prove it.
  void AddNotChecked() {
    const std::string command = "gusu audit report --vkey registry.vkey --from " +
                                Calendar::ToUtc(report_.from_us) + " --to " +
                                Calendar::ToUtc(report_.to_us);
    const std::string leaves = WithThousands(report_.leaves_count);
    page_.AddHeading({"本报告由谁计数", "Who counted this report"});
    page_.AddList({"本期 " + leaves + " 叶由登记系统自身依其日志计数，本页不构成证明。",
                   "企业名称、区划与行业取自变更提交时的登记内容。企业未填者记为 —。",
                   "独立核对：在自己的机器上以自持的密钥运行下列命令，各数应逐一相符。"},
                  {"The registry itself counted the " + leaves +
                       " leaves of the interval in its log; this page is no proof.",
                   "Names, districts and classes are the registrants' own as of each change. — "
                   "stands for none given.",
                   "To check it, run this on a machine of yours with the key that you hold; every "
                   "number must be the same."});
    page_.AddText(command);
  }

  const Report& report_;
  const ReportTally& tally_;
  size_t registrants_max_;
  std::string counted_at_;
  HtmlPage page_;
};

}  // namespace

std::vector<Group> Periods(const Report& report) {
  std::vector<std::string> keys;
  const std::string last = report.calendar.DayOf(report.to_us - 1);
  for (std::string day = report.calendar.DayOf(report.from_us); day <= last;
       day = Calendar::DayAfter(day)) {
    keys.push_back(day);
  }
  const size_t key_length = keys.size() > kDaysMax ? 7 : 10;  // 2026-11 or 2026-11-23
  std::vector<Group> periods;
  for (const std::string& day : keys) {
    const std::string key = day.substr(0, key_length);
    if (periods.empty() || periods.back().key != key) periods.push_back({key, "", {}, 0});
  }
  for (const Group& day : report.tally.Days()) {
    const std::string key = day.key.substr(0, key_length);
    const auto found = std::lower_bound(
        periods.begin(), periods.end(), key,
        [](const Group& group, const std::string& wanted) { return group.key < wanted; });
    if (found == periods.end() || found->key != key) continue;
    for (const Measure measure : kMeasures) found->counts[measure] += day.counts[measure];
  }
  return periods;
}

std::string ToHtml(const Report& report, Language language, size_t registrants_max) {
  return Page(report, language, registrants_max).Write();
}

}  // namespace gusu::papers
