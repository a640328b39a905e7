#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"
#include "server/doors/http/pages/code_answer.h"
#include "server/doors/http/pages/code_sections.h"
#include "server/doors/http/pages/facts.h"
#include "server/doors/http/pages/words.h"

namespace gusu::server {
namespace {

std::string_view StateClass(int state) {
  switch (state) {
    case v1::Record::ACTIVE:
      return "state good";
    case v1::Record::RETIRED:
      return "state bad";
    default:
      return "state warn";
  }
}

Words StateMeaning(int state) {
  switch (state) {
    case v1::Record::RESERVED:
      return {"该编码已分配，尚未用于产品。", "The code is allocated, and not yet on a product."};
    case v1::Record::ACTIVE:
      return {"该编码已登记并在用。", "The code is registered and in use."};
    case v1::Record::SUSPENDED:
      return {"该编码的登记已被暂停。", "The registration of the code is suspended."};
    case v1::Record::RETIRED:
      return {"该编码已注销，不再代表在用的产品。",
              "The code is retired: it stands for no product in use any more."};
    default:
      return {"该编码的状态未知。", "The state of the code is not known."};
  }
}

void WriteRetirement(const Reader& reader, const v1::Retirement& retirement, HtmlWriter& html) {
  html.Open("div", {{"class", "callout bad"}});
  html.Open("p");
  html.Text(reader.In({"注销原因：", "Why it was retired: "}));
  html.Element("strong", reader.In(RetirementReasonWords(retirement.reason())));
  if (!retirement.text().empty()) html.Text(" · ").Foreign(retirement.text());
  if (retirement.has_time()) {
    html.Text(" · ");
    reader.WriteTime(retirement.time(), html);
  }
  html.Close();
  if (!retirement.successor().empty()) {
    html.Open("p").Text(reader.In({"由以下编码取代：", "In its place: "}));
    html.OpenLink(reader.CodeUrl(retirement.successor())).Foreign(retirement.successor()).Close();
    html.Close();
  }
  html.Close();
}

void WriteHold(const Reader& reader, const v1::Hold& hold, HtmlWriter& html) {
  html.Open("div", {{"class", "callout warn"}}).Open("p");
  html.Element("strong", reader.In({"冻结", "On hold"}));
  html.Text(reader.In({"（由", " by "})).Text(reader.In(HoldSideWords(hold.side())));
  html.Text(reader.In({"）：", ": "})).Foreign(hold.reason());
  if (!hold.document_number().empty()) {
    html.Text(reader.In({"；文号 ", "; document "})).Foreign(hold.document_number());
  }
  if (hold.has_time()) {
    html.Text(" · ");
    reader.WriteTime(hold.time(), html);
  }
  html.Close().Close().Text("\n");
}

// What the prefix's holder may not do does not touch the code, but a reader is told.
void WriteHolderState(const Reader& reader, int state, HtmlWriter& html) {
  if (state == v1::Registrant::STATE_UNSPECIFIED || state == v1::Registrant::ACTIVE) return;
  html.Open("div", {{"class", "callout warn"}}).Open("p");
  html.Text(reader.In({"该前缀的持有单位目前状态：", "The holder of the prefix is now: "}));
  html.Element("strong", reader.In(RegistrantStateWords(state)));
  html.Close().Close();
}

}  // namespace

void WriteStanding(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html) {
  const v1::Record& record = answer.response->record();
  html.Open("p");
  html.Element("span", reader.In(RecordStateWords(record.state())),
               {{"class", StateClass(record.state())}});
  html.Text(" ").Text(reader.In(StateMeaning(record.state()))).Close().Text("\n");
  if (answer.is_as_of) {
    html.Open("div", {{"class", "callout"}}).Open("p");
    html.Text(
        reader.In({"以下是过去某一时刻的登记内容，截至 ", "As it was registered then, as of "}));
    reader.WriteTime(answer.response->read_revision(), html);
    html.Text(reader.In({"。", ". "}));
    html.Link(reader.CodeUrl(record.identifier()),
              reader.In({"查看当前内容", "See it as it is now"}));
    html.Close().Close();
  }
  if (record.has_retirement()) WriteRetirement(reader, record.retirement(), html);
  if (!record.suspension_reason().empty()) {
    html.Open("div", {{"class", "callout warn"}}).Open("p");
    html.Text(reader.In({"暂停原因：", "Why it is suspended: "}));
    html.Foreign(record.suspension_reason()).Close().Close();
  }
  for (const v1::Hold& hold : record.holds()) WriteHold(reader, hold, html);
  WriteHolderState(reader, answer.response->holder_state(), html);
}

void WriteReferral(const Reader& reader, const v1::Referral& referral, std::string_view identifier,
                   HtmlWriter& html) {
  html.Open("div", {{"class", "callout"}}).Open("p");
  html.Text(
      reader.In({"该前缀委托给其他服务器解析：", "Other servers resolve codes of this prefix: "}));
  html.Foreign(referral.prefix().substr(referral.prefix().find('/') + 1)).Close();
  html.Open("ul");
  for (const v1::Site& site : referral.sites()) {
    html.Open("li").Text(reader.In(SiteProtocolWords(site.protocol()))).Text(": ");
    const bool is_ipv6 = site.address().find(':') != std::string::npos;
    const std::string host = is_ipv6 ? Concat("[", site.address(), "]") : site.address();
    const std::string server = Concat(host, ":", site.port());
    const std::string address = Concat("https://", server, CodePath(identifier).text());
    if (site.protocol() == v1::Site::HTTPS) {
      html.ForeignLink(address);
    } else {
      html.Foreign(server);
    }
    html.Close();
  }
  html.Close().Close();
}

}  // namespace gusu::server
