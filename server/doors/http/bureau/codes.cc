// Search by code.
#include <memory>

#include "gusu/v1/record_requests.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/papers/evidence.h"
#include "proto/pasted_code.h"
#include "proto/text.h"
#include "server/bureau_reads.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"
#include "server/doors/http/pages/words.h"
#include "server/resolver.h"

namespace gusu::server {
namespace {

constexpr uint32_t kRevisionsShown = 50;

std::string TimeText(const BureauRequest& request, const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return request.calendar.ToText(static_cast<uint64_t>(time.seconds()) * 1'000'000 +
                                 static_cast<uint64_t>(time.nanos()) / 1'000);
}

// What was typed, where it is an identifier; else what a pasted text may mean.
std::string CodeOf(const std::string& typed) {
  return Identifier::Parse(typed).ok() ? typed : PastedCode(typed);
}

void WriteSearch(HtmlWriter& html, const BureauRequest& request, const std::string& code) {
  html.Element("h1", request.Say({"标识", "Codes"}));
  OpenSearch(html, request, "/bureau/codes");
  WriteField(html, request, {"code", {"标识", "Code"}, "text", code, true});
  html.Element("button", request.Say({"查询", "Search"}), {{"type", "submit"}}).Close();
}

Fact RegistrantFact(const BureauRequest& request, const Words& name, const std::string& value) {
  if (value.empty()) return {name, "", {}};
  return {name, value, RegistrantUrl(request, value)};
}

void WriteState(HtmlWriter& html, const BureauRequest& request, const v1::ResolveResponse& answer) {
  const v1::Record& record = answer.record();
  std::string instance_of = record.instance_of().identifier();
  std::vector<Fact> facts = {
      {{"状态", "State"}, std::string(request.Say(RecordStateWords(record.state()))), {}},
      {{"层级", "Level"}, std::string(request.Say(RecordLevelWords(record.level()))), {}},
      {{"模板", "Template"}, record.template_(), {}},
      RegistrantFact(request, {"登记单位", "Issued by"}, record.issued_by()),
      RegistrantFact(request, {"所有者", "Owner"}, record.owner()),
      RegistrantFact(request, {"保管者", "Custodian"}, record.custodian()),
      {{"前缀持有单位状态", "State of the prefix's holder"},
       std::string(request.Say(RegistrantStateWords(answer.holder_state()))),
       {}},
      {{"登记时间", "Registered"}, TimeText(request, record.create_time()), {}},
      {{"最近变更", "Last change"}, TimeText(request, record.update_time()), {}},
      {{"日志条目", "Log entry"}, std::to_string(record.leaf_index()), {}},
      {{"暂停原因", "Suspended"}, record.suspension_reason(), {}},
      {{"号段", "Serial range"}, record.serial_range(), {}}};
  if (!instance_of.empty()) {
    const HtmlUrl url = CodeUrl(request, instance_of);
    facts.push_back({{"所属型号或批次", "Instance of"}, std::move(instance_of), url});
  }
  if (record.has_retirement()) {
    facts.push_back(
        {{"注销原因", "Retired"},
         Concat(request.Say(RetirementReasonWords(record.retirement().reason())),
                record.retirement().text().empty() ? "" : ": ", record.retirement().text()),
         {}});
    if (!record.retirement().successor().empty()) {
      facts.push_back({{"取代它的标识", "Successor"},
                       record.retirement().successor(),
                       CodeUrl(request, record.retirement().successor())});
    }
  }
  for (const v1::Hold& hold : record.holds()) {
    facts.push_back({{"冻结", "Hold"},
                     Concat(request.Say(HoldSideWords(hold.side())), ": ", hold.reason(), " ",
                            hold.document_number(), ", ", TimeText(request, hold.time())),
                     {}});
  }
  WriteFacts(html, request.language, facts);
}

std::string ValueText(const BureauRequest& request, const v1::Value& value) {
  if (!value.is_digest()) return papers::ToValueText(value.data());
  return Concat(request.Say({"仅登记摘要：SHA-256 ", "Only a digest is registered: SHA-256 "}),
                HexEncode(value.data()));
}

void WriteValues(HtmlWriter& html, const BureauRequest& request,
                 const v1::ResolveResponse& answer) {
  PageTable table;
  table.caption = request.Say({"登记内容", "Values"});
  table.hides_caption = true;
  table.columns = {{{"序号", "Index"}, true}, {{"类型", "Type"}},
                   {{"公开范围", "Tier"}},    {{"值", "Value"}},
                   {{"写入者", "Author"}},    {{"继承自", "Inherited from"}}};
  for (const v1::Value& value : answer.record().values()) {
    table.rows.push_back({{std::to_string(value.index()), {}},
                          {value.type(), {}},
                          {std::string(request.Say(TierWords(value.tier()))), {}},
                          {ValueText(request, value), {}},
                          {value.author(), {}},
                          {value.inherited_from(), {}}});
  }
  html.Element("h2", request.Say({"登记内容", "Values"}));
  WriteTable(html, request.language, table);
}

// What is not PUBLIC is read for a reason, which the log keeps and its registrant sees.
void WriteReasonForm(HtmlWriter& html, const BureauRequest& request,
                     const v1::ResolveResponse& answer) {
  if (answer.values_withheld_count() == 0) return;
  html.Open("div", {{"class", "callout"}});
  const std::string withheld = WithheldText(answer, request.language);
  html.Element("p", request.language == Language::kChinese
                        ? Concat("不公开的值：", withheld,
                                 "。填写理由后可查阅；查阅会记入审计日志，企业可见。")
                        : Concat("Values that are not public: ", withheld,
                                 ". They are shown for a reason, which the audit log keeps and the "
                                 "registrant sees."));
  OpenPost(html, request, "/bureau/codes");
  Hidden(html, "code", answer.record().identifier());
  WriteField(html, request, {"reason", {"查阅理由", "Reason for reading"}, "text", "", true});
  html.Element("button", request.Say({"查阅", "Read"}), {{"type", "submit"}});
  html.Close().Close();
}

void WriteHistory(HtmlWriter& html, const BureauRequest& request, const std::string& identifier) {
  v1::ListRevisionsRequest list;
  list.set_name(identifier);
  list.set_page_size(kRevisionsShown);
  v1::ListRevisionsResponse page;
  const absl::Status status = request.rules().resolver->ListRevisions(list, request.caller, &page);
  html.Element("h2", request.Say({"历史", "History"}));
  if (!status.ok()) {
    html.Element("p", StdView(status.message()), {{"lang", "en"}});
    return;
  }
  PageTable table;
  table.caption = request.Say({"修订记录，最新在前", "Revisions, newest first"});
  table.columns = {{{"时间", "Time"}},   {{"操作", "Operation"}},
                   {{"操作者", "By"}},   {{"代表", "On behalf of"}},
                   {{"理由", "Reason"}}, {{"日志条目", "Log entry"}, true}};
  for (const v1::RecordRevision& revision : page.revisions()) {
    table.rows.push_back({{TimeText(request, revision.receipt().commit_time()), {}},
                          {std::string(request.Say(OperationWords(revision.operation()))), {}},
                          {revision.actor(), {}},
                          {revision.on_behalf_of(), {}},
                          {revision.reason(), {}},
                          {std::to_string(revision.receipt().leaf_index()), {}}});
  }
  WriteTable(html, request.language, table);
  if (page.next_page_token().empty()) return;
  html.Element("p", request.Say({"更早的修订见证据包。", "The evidence has earlier ones, too."}));
}

void WriteEvidence(HtmlWriter& html, const BureauRequest& request, const std::string& identifier) {
  html.Element("h2", request.Say({"证据", "Evidence"}));
  html.Element("p", request.Say({"压缩包内含全部修订及其证明、可读页面与核验方法，可离线核验。",
                                 "An archive of every revision with its proofs, a page to read, "
                                 "and how to verify all of it with no network."}));
  html.Open("p", {{"class", "actions"}})
      .Link(request.Url("/bureau/evidence").With("code", identifier),
            request.Say({"下载证据包（ZIP）", "Download the evidence (ZIP)"}),
            {{"class", "button"}, {"download", ""}})
      .Close();
}

void AnswerCode(const BureauRequest& request, const std::string& code, const absl::Status& status,
                const v1::ResolveResponse& answer) {
  if (!status.ok()) {
    return AnswerFault(request, BureauSection::kCodes, status, request.Url("/bureau/codes"));
  }
  HtmlWriter html;
  WriteSearch(html, request, code);
  if (!answer.has_record()) {
    html.Element("p", request.Say({"该前缀由其他系统解析：", "Resolved elsewhere:"}));
    const HtmlElement list(html, "ul");
    for (const v1::Site& site : answer.referral().sites()) {
      html.Element("li", Concat(site.address(), ":", site.port()));
    }
  } else {
    const std::string& identifier = answer.record().identifier();
    html.Open("p", {{"class", "identifier"}}).Foreign(identifier).Close();
    WriteState(html, request, answer);
    WriteValues(html, request, answer);
    WriteReasonForm(html, request, answer);
    WriteHistory(html, request, identifier);
    WriteEvidence(html, request, identifier);
  }
  AnswerPage(request, BureauSection::kCodes, code, html);
}

}  // namespace

void ShowCode(const BureauCall& call) {
  const BureauRequest& request = *call;
  const std::string code = CodeOf(request.Parameter("code"));
  if (code.empty()) {
    HtmlWriter html;
    WriteSearch(html, request, code);
    return AnswerPage(request, BureauSection::kCodes, request.Say({"标识", "Codes"}), html);
  }
  v1::ResolveRequest resolve;
  resolve.set_identifier(code);
  v1::ResolveResponse answer;
  const absl::Status status = request.rules().resolver->Resolve(resolve, request.caller, &answer);
  AnswerCode(request, code, status, answer);
}

void ReadCodeWithReason(const BureauCall& call) {
  const auto resolve = std::make_shared<v1::ResolveRequest>();
  resolve->set_identifier(call->Field("code"));
  resolve->mutable_options()->set_reason(call->Field("reason"));
  call->rules().bureau_reads->Resolve(
      *resolve, call->caller, [call, resolve](const absl::StatusOr<v1::ResolveResponse>& answer) {
        AnswerCode(*call, call->Field("code"), answer.status(),
                   answer.ok() ? *answer : v1::ResolveResponse());
      });
}

}  // namespace gusu::server
