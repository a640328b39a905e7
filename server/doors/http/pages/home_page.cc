#include "server/doors/http/pages/home_page.h"

#include "server/doors/http/page_frame.h"
#include "server/doors/http/pages/facts.h"
#include "server/doors/http/pages/search_form.h"

namespace gusu::server {
namespace {

// 1234567 as 1,234,567.
std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

void WriteSummary(const Reader& reader, const RegistrySummary& summary, HtmlWriter& html) {
  html.Element("h2", reader.In({"本登记处", "This registry"}));
  Facts facts(html);
  std::string prefixes;
  for (const std::string& prefix : summary.node_prefixes) {
    prefixes += (prefixes.empty() ? "" : ", ") + prefix;
  }
  facts.Add(reader.In({"节点前缀", "Node prefixes"}), prefixes);
  facts.Add(reader.In({"登记单位", "Registrants"}), Grouped(summary.registrant_count));
  facts.Add(reader.In({"已分配前缀", "Prefixes granted"}), Grouped(summary.prefix_count));
  facts.Add(reader.In({"已登记编码", "Codes registered"}), Grouped(summary.record_count));
  facts.Add(reader.In({"号段内编码", "Codes of serial ranges"}), Grouped(summary.range_code_count));
  if (summary.revision == 0) return;
  facts.Write(reader.In({"统计时间", "Counted as of"}),
              [&](HtmlWriter& out) { reader.WriteTime(summary.revision, out); });
}

void WriteLog(const Reader& reader, const RegistrySummary& summary,
              const SignedCheckpoint* checkpoint, HtmlWriter& html) {
  html.Element("h2", reader.In({"审计日志", "Audit log"}));
  html.Element("p", reader.In({"每次登记和变更都写入只增不改的日志，任何人都可以核验。",
                               "Every registration and every change stands in a log that only "
                               "grows, and that anybody can check."}));
  Facts facts(html);
  facts.AddForeign(reader.In({"日志名称", "Name of the log"}), summary.origin);
  if (checkpoint == nullptr) return;
  facts.Add(reader.In({"条目数", "Entries"}), Grouped(checkpoint->head.size));
  facts.Write(reader.In({"最新检查点", "Latest checkpoint"}), [&](HtmlWriter& out) {
    out.Element("pre", checkpoint->note, {{"tabindex", "0"}});
    out.Link(HtmlUrl::OfPath("/checkpoint"), "/checkpoint");
  });
}

void WriteOtherDoors(const Reader& reader, HtmlWriter& html) {
  html.Element("h2", reader.In({"其他入口", "Other doors"}));
  html.Open("ul");
  const auto link = [&](const HtmlUrl& url, Words words) {
    html.Open("li").Link(url, reader.In(words)).Close();
  };
  link(HtmlUrl::OfPath("/openapi.json"),
       {"程序接口说明（OpenAPI）", "For programs: the API (OpenAPI)"});
  link(reader.Keep(HtmlUrl::OfPath("/bureau")), {"主管部门工作台", "For the bureau: its console"});
  html.Close();
}

}  // namespace

HttpResponse HomePage(const HttpCall& call, const Reader& reader, const RegistrySummary& summary,
                      const SignedCheckpoint* checkpoint) {
  HtmlWriter html;
  html.Element("h1", reader.In({"查询标识编码", "Look up a code"}));
  html.Element("p", reader.In({"输入、粘贴或扫描产品和设备上的编码，查看其登记内容。",
                               "Type, paste or scan the code on a product or on equipment to see "
                               "what is registered for it."}));
  WriteSearchForm(reader, "", html);
  WriteSummary(reader, summary, html);
  WriteLog(reader, summary, checkpoint, html);
  WriteOtherDoors(reader, html);
  PageFrame frame;
  frame.language = reader.language;
  frame.title = reader.In({"标识登记处", "Identifier registry"});
  frame.has_scan = true;
  frame.is_indexed = true;
  return PageAnswer(200, call, frame, html);
}

}  // namespace gusu::server
