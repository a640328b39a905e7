#include "server/doors/http/pages/code_sections.h"

#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"
#include "server/doors/http/pages/code_answer.h"
#include "server/doors/http/pages/facts.h"
#include "server/doors/http/pages/words.h"

namespace gusu::server {
namespace {

void WriteCode(const Reader& reader, const std::string& identifier, HtmlWriter& html) {
  html.OpenLink(reader.CodeUrl(identifier)).Foreign(identifier).Close();
}

void WriteOrigin(const Reader& reader, const v1::Origin& origin, HtmlWriter& html) {
  html.Foreign(origin.system());
  if (!origin.original_identifier().empty()) html.Text(" · ").Foreign(origin.original_identifier());
  if (!origin.has_original_registration_time()) return;
  html.Text(" · ");
  reader.WriteTime(origin.original_registration_time(), html);
}

void WriteDesignation(const Reader& reader, const v1::Designation& designation, HtmlWriter& html) {
  const bool is_english = reader.language == Language::kEnglish;
  const bool has_english = is_english && !designation.english_title().empty();
  html.Open("li");
  html.Foreign(has_english ? designation.english_title() : designation.title());
  for (const std::string* text : {&designation.programme(), &designation.certificate_number()}) {
    if (!text->empty()) html.Text(" · ").Foreign(*text);
  }
  html.Text(" · ").Foreign(designation.issued_on());
  if (!designation.valid_until().empty()) {
    html.Text(reader.In({" 至 ", " to "})).Foreign(designation.valid_until());
  }
  if (designation.revoked()) {
    html.Text(" ").Element("strong", reader.In({"已撤销", "Revoked"}));
    if (!designation.revocation_reason().empty()) {
      html.Text(": ").Foreign(designation.revocation_reason());
    }
  }
  html.Close();
}

void WriteChange(const Reader& reader, const CodeChange& change, bool is_whole, HtmlWriter& html) {
  html.Open("tr").Open("td");
  reader.WriteTime(change.revision, html);
  html.Close();
  html.Element("td", reader.In(OperationWords(change.operation)), {{"class", "words"}});
  html.Element("td", std::to_string(change.leaf_index), {{"class", "number"}});
  if (is_whole) {
    html.Open("td").Foreign(change.actor);
    if (!change.on_behalf_of.empty()) {
      html.Text(reader.In({"，代 ", " for "})).Foreign(change.on_behalf_of);
    }
    html.Close().Open("td").Foreign(change.reason).Close();
  }
  html.Close().Text("\n");
}

// A text that the log signed, for whoever wants to see it.
void WriteSigned(std::string_view name, std::string_view note, HtmlWriter& html) {
  html.Open("details").Element("summary", name);
  html.Element("pre", note, {{"tabindex", "0"}});
  html.Close().Text("\n");
}

// A word of a shell, in quotes that leave everything in it as it is.
std::string ShellWord(std::string_view text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace

void WriteRegistration(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html) {
  const v1::Record& record = answer.response->record();
  html.Element("h2", reader.In({"登记信息", "Registration"}));
  Facts facts(html);
  facts.Add(reader.In({"层级", "Level"}), reader.In(RecordLevelWords(record.level())));
  if (record.has_instance_of()) {
    facts.Write(reader.In({"所属型号或批次", "Instance of"}), [&](HtmlWriter& out) {
      WriteCode(reader, record.instance_of().identifier(), out);
      if (record.instance_of().revision() == 0) return;
      out.Text(reader.In({"，固定版本 ", ", fixed at "}));
      reader.WriteTime(record.instance_of().revision(), out);
    });
  }
  if (!record.template_().empty()) {
    const Template* named = answer.attributes.record_template();
    const std::string name = named == nullptr                        ? ""
                             : reader.language == Language::kChinese ? named->chinese_name
                                                                     : named->english_name;
    facts.AddForeign(
        reader.In({"模板", "Template"}),
        Concat(name.empty() ? record.template_() : name, " · ", reader.In({"第 ", "version "}),
               record.template_version(), reader.In({" 版", ""})));
  }
  const auto write_registrant = [&](Words name, const std::string& registrant) {
    facts.AddForeign(reader.In(name), registrant);
  };
  if (record.owner() != record.issued_by()) write_registrant({"所有者", "Owner"}, record.owner());
  if (record.custodian() != record.owner()) {
    write_registrant({"保管者", "Custodian"}, record.custodian());
  }
  if (!record.serial_range().empty()) {
    facts.AddForeign(reader.In({"号段", "Serial range"}), record.serial_range());
  }
  if (record.has_origin()) {
    facts.Write(reader.In({"原登记", "Registered before as"}),
                [&](HtmlWriter& out) { WriteOrigin(reader, record.origin(), out); });
  }
  if (record.has_effective_time()) {
    facts.Write(reader.In({"业务生效时间", "Effective in business"}),
                [&](HtmlWriter& out) { reader.WriteTime(record.effective_time(), out); });
  }
  facts.Write(reader.In({"登记时间", "Registered"}),
              [&](HtmlWriter& out) { reader.WriteTime(record.create_time(), out); });
  facts.Write(reader.In({"最近变更", "Last changed"}),
              [&](HtmlWriter& out) { reader.WriteTime(record.update_time(), out); });
}

void WriteIssuer(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html) {
  html.Element("h2", reader.In({"登记单位", "Issued by"}));
  if (!answer.issuer) {
    html.Open("p").Foreign(answer.response->record().issued_by()).Close();
    return;
  }
  const v1::Registrant& issuer = *answer.issuer;
  {
    Facts facts(html);
    facts.AddForeign(reader.In({"名称", "Name"}), issuer.legal_name());
    if (!issuer.english_name().empty()) {
      facts.AddForeign(reader.In({"英文名称", "English name"}), issuer.english_name());
    }
    facts.AddForeign(reader.In({"机构代码", "Organisation code"}),
                     issuer.organization_code().value());
    facts.Write(reader.In({"状态", "State"}), [&](HtmlWriter& out) {
      out.Text(reader.In(RegistrantStateWords(issuer.state())));
      if (!issuer.successor().empty()) {
        out.Text(reader.In({"；承继单位 ", "; succeeded by "})).Foreign(issuer.successor());
      }
    });
  }
  if (issuer.designations().empty()) return;
  html.Element("h3", reader.In({"荣誉与资质", "Designations"}));
  html.Open("ul");
  for (const v1::Designation& designation : issuer.designations()) {
    WriteDesignation(reader, designation, html);
  }
  html.Close();
}

void WriteHistory(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html) {
  html.Element("h2", reader.In({"变更历史", "History"}));
  bool is_whole = false;
  for (const CodeChange& change : answer.history.changes) is_whole |= !change.actor.empty();
  html.Open("div", {{"class", "scroll"},
                    {"tabindex", "0"},
                    {"role", "region"},
                    {"aria-label", reader.In({"变更历史", "History"})}});
  html.Open("table").Open("thead").Open("tr");
  html.Element("th", reader.In({"时间", "Time"}), {{"scope", "col"}});
  html.Element("th", reader.In({"变更", "Change"}), {{"scope", "col"}});
  html.Element("th", reader.In({"日志条目", "Log entry"}), {{"scope", "col"}, {"class", "number"}});
  if (is_whole) {
    html.Element("th", reader.In({"操作者", "By"}), {{"scope", "col"}});
    html.Element("th", reader.In({"理由", "Reason"}), {{"scope", "col"}});
  }
  html.Close().Close().Open("tbody");
  for (const CodeChange& change : answer.history.changes) {
    WriteChange(reader, change, is_whole, html);
  }
  html.Close().Close().Close();
  if (answer.history.has_older) {
    html.Element("p", reader.In({"仅列出最近的变更。", "Only the latest changes are listed."}),
                 {{"class", "quiet"}});
  }
}

void WriteVerification(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html) {
  const v1::Record& record = answer.response->record();
  html.Open("section", {{"aria-labelledby", "verify"}});
  html.Element("h2", reader.In({"核验", "Verify"}), {{"id", "verify"}});
  html.Element(
      "p", reader.In({"本页只说明登记了什么，不对实物作判断。登记内容可以脱离本服务器核验：",
                      "This page says what is registered; it does not judge the object. What is "
                      "registered can be checked without this server:"}));
  {
    Facts facts(html);
    facts.Add(reader.In({"日志条目", "Log entry"}), std::to_string(record.leaf_index()));
    facts.Write(reader.In({"写入时间", "Logged"}),
                [&](HtmlWriter& out) { reader.WriteTime(record.revision(), out); });
    facts.Add(reader.In({"版本", "Revision"}), std::to_string(record.revision()));
  }
  if (answer.response->has_proof()) {
    WriteSigned(reader.In({"服务器声明：没有更新的版本", "Statement: there is no later revision"}),
                answer.response->proof().statement(), html);
    WriteSigned(reader.In({"证明所依据的检查点", "Checkpoint that the proof rests on"}),
                answer.checkpoint, html);
    const std::string code = ShellWord(record.identifier());
    html.Open("p").Link(CodePath(record.identifier()).With("format", "proof"),
                        reader.In({"下载证明（JSON）", "Download the proof (JSON)"}),
                        {{"class", "button second"}, {"download", "proof.json"}});
    html.Close();
    html.Element("p", reader.In({"用下载的文件和日志的公钥离线核验：",
                                 "With the file and the log's key, no network is needed:"}));
    html.Element("pre",
                 Concat("gusu audit verify-proof proof.json --vkey registry.vkey --code ", code),
                 {{"tabindex", "0"}});
  } else {
    html.Element("p", reader.In({"目前无法给出证明，请稍后再试。",
                                 "No proof can be given now. Try again later."}));
  }
  html.Close().Text("\n");
}

}  // namespace gusu::server
