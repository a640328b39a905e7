#include "server/doors/http/pages/code_page.h"

#include "absl/strings/match.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/call.h"
#include "server/doors/http/page_frame.h"
#include "server/doors/http/pages/code_answer.h"
#include "server/doors/http/pages/code_sections.h"
#include "server/doors/http/pages/code_values.h"
#include "server/doors/http/pages/search_form.h"
#include "server/doors/http/pages/words.h"

namespace gusu::server {
namespace {

// The record's attribute `name`, or its value of that type, for titles.
std::string_view NameOf(const v1::Record& record) {
  for (const v1::Value& value : record.values()) {
    if (absl::EqualsIgnoreCase(value.type(), "name") && !value.is_digest()) return value.data();
  }
  return {};
}

void WriteWhatIsLeftOut(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html) {
  if (answer.response->values_withheld_count() > 0) {
    html.Element("p",
                 Concat(reader.In({"不对当前访问者公开的值：", "Values that are not public: "}),
                        WithheldText(*answer.response, reader.language)),
                 {{"class", "quiet"}});
  }
  for (const int tier : answer.response->record().erased_tiers()) {
    html.Element("p",
                 Concat(reader.In({"已清除的值：", "Values that were erased: "}),
                        reader.In(TierWords(tier))),
                 {{"class", "quiet"}});
  }
}

void WriteOtherForms(const Reader& reader, const HttpCall& call, const CodeAnswer& answer,
                     HtmlWriter& html) {
  const HtmlUrl path = CodePath(answer.response->record().identifier());
  const HtmlElement section(html, "section", {{"class", "screen-only"}});
  html.Element("h2", reader.In({"其他形式", "In other forms"}));
  html.Open("ul", {{"class", "actions"}});
  const auto link = [&html](const HtmlUrl& url, std::string_view text) {
    html.Open("li").Link(url, text).Close();
  };
  link(path.With("format", "json"), "JSON");
  link(path.With("format", "linkset"), "Linkset");
  if (answer.has_public_url) {
    link(path.With("label", "svg"), reader.In({"标签（SVG）", "Label (SVG)"}));
    link(path.With("label", "png"), reader.In({"标签（PNG）", "Label (PNG)"}));
  }
  html.Close();
  html.OpenForm(HtmlWriter::FormMethod::kGet, path, {{"class", "search"}});
  html.Open("div").Element("label", reader.In({"查看过去某一天", "As of a past day"}),
                           {{"for", "as_of"}});
  const std::string_view asked = call.target.Parameter("as_of").value_or("");
  html.Open("input", {{"id", "as_of"}, {"name", "as_of"}, {"type", "date"}, {"value", asked}});
  html.Close();
  if (reader.chose_language) {
    html.Open(
        "input",
        {{"type", "hidden"}, {"name", "lang"}, {"value", LanguageParameter(reader.language)}});
  }
  html.Element("button", reader.In({"查看", "Show"}), {{"type", "submit"}, {"class", "second"}});
  html.Close().Text("\n");
}

void WriteRecord(const Reader& reader, const HttpCall& call, const CodeAnswer& answer,
                 HtmlWriter& html) {
  const v1::Record& record = answer.response->record();
  WriteStanding(reader, answer, html);
  html.Element("h2", reader.In({"登记内容", "What is registered"}));
  if (record.values().empty()) {
    html.Element("p", reader.In({"没有公开的内容。", "Nothing of it is public."}));
  }
  WriteValues(reader, record, answer.attributes, html);
  WriteWhatIsLeftOut(reader, answer, html);
  WriteRegistration(reader, answer, html);
  WriteIssuer(reader, answer, html);
  WriteHistory(reader, answer, html);
  WriteVerification(reader, answer, html);
  WriteOtherForms(reader, call, answer, html);
}

}  // namespace

int CodeStatus(const CodeAnswer& answer) {
  return answer.response->record().state() == v1::Record::RETIRED ? 410 : 200;
}

HttpResponse CodePage(const HttpCall& call, const Reader& reader, const Identifier& identifier,
                      const CodeAnswer& answer, std::string_view note) {
  const bool is_referral = answer.response->has_referral();
  const std::string& written =
      is_referral ? identifier.written() : answer.response->record().identifier();
  const std::string_view name = NameOf(answer.response->record());
  HtmlWriter html;
  html.Open("h1").Open("span", {{"class", "identifier"}}).Foreign(written).Close();
  if (!name.empty()) html.Open("br").Foreign(CutUtf8(name, kShownBytesMax));
  html.Close().Text("\n");
  if (!note.empty()) {
    html.Open("div", {{"class", "callout"}, {"role", "note"}}).Element("p", note).Close();
  }
  if (is_referral) {
    WriteReferral(reader, answer.response->referral(), identifier.written(), html);
  } else {
    WriteRecord(reader, call, answer, html);
  }
  html.Open("section", {{"class", "screen-only"}});
  html.Element("h2", reader.In({"查询其他编码", "Look up another code"}));
  WriteSearchForm(reader, "", html);
  html.Close();
  PageFrame frame;
  frame.language = reader.language;
  frame.title = name.empty() ? written : Concat(CutUtf8(name, 200), " · ", written);
  frame.has_scan = true;
  HttpResponse page = PageAnswer(CodeStatus(answer), call, frame, html);
  page.SetHeader("Vary", "Accept, Accept-Language, Authorization");
  page.SetHeader("Link", Concat("<", CodePath(written).With("format", "linkset").text(),
                                ">; rel=\"linkset\"; type=\"application/linkset+json\""));
  return page;
}

}  // namespace gusu::server
