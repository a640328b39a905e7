// One registrant: its data, its amendment, its prefixes, and the bureau's decision on it.
#include <memory>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"
#include "server/doors/http/pages/words.h"
#include "server/registrar.h"

namespace gusu::server {
namespace {

constexpr uint32_t kPrefixesShown = 100;

std::string TimeText(const BureauRequest& request, const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return request.calendar.ToText(static_cast<uint64_t>(time.seconds()) * 1'000'000 +
                                 static_cast<uint64_t>(time.nanos()) / 1'000);
}

Words KindWords(v1::Registrant::Kind kind) {
  switch (kind) {
    case v1::Registrant::INSTITUTE:
      return {"研究机构", "Institute"};
    case v1::Registrant::PARTNER:
      return {"合作方", "Partner"};
    default:
      return {"企业", "Enterprise"};
  }
}

Words PrefixStateWords(v1::Prefix::State state) {
  switch (state) {
    case v1::Prefix::SUSPENDED:
      return {"已暂停", "Suspended"};
    case v1::Prefix::RETIRED:
      return {"已注销", "Retired"};
    default:
      return {"在用", "Active"};
  }
}

// A decimal as it is read: six places.
std::string Degrees(double degrees) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", degrees);
  return text;
}

std::string LocationText(const v1::Location& location) {
  return Concat(Degrees(location.latitude()), ", ", Degrees(location.longitude()), " ",
                v1::Location::Datum_Name(location.datum()));
}

std::string DocumentsText(const v1::Registrant& registrant) {
  std::string text;
  for (const std::string& document : registrant.documents_sha256()) {
    text += (text.empty() ? "" : ", ") + HexEncode(document);
  }
  return text;
}

std::string CodeText(const v1::OrganizationCode& code) {
  return Concat(code.value(), " (", v1::OrganizationCode::Scheme_Name(code.scheme()),
                code.authority().empty() ? "" : ", ", code.authority(), ")");
}

struct LegalField {
  Words name;
  std::string value;
};

// What an amendment can change, in one order for both sides of a comparison.
std::vector<LegalField> LegalData(const v1::Registrant& registrant) {
  return {
      {{"名称", "Legal name"}, registrant.legal_name()},
      {{"英文名称", "English name"}, registrant.english_name()},
      {{"机构代码", "Organisation code"}, CodeText(registrant.organization_code())},
      {{"地址", "Address"}, registrant.address()},
      {{"区划 GB/T 2260", "District, GB/T 2260"}, registrant.district()},
      {{"行业 GB/T 4754", "Industry class, GB/T 4754"},
       registrant.industry_class().empty()
           ? ""
           : Concat(registrant.industry_class(), " (", registrant.industry_edition(), ")")},
      {{"位置", "Location"}, registrant.has_location() ? LocationText(registrant.location()) : ""},
      {{"证明文件 SHA-256", "Documents, SHA-256"}, DocumentsText(registrant)}};
}

void WriteData(HtmlWriter& html, const BureauRequest& request, const v1::Registrant& registrant) {
  std::vector<Fact> facts = {
      {{"代号", "Id"}, registrant.name(), {}},
      {{"种类", "Kind"}, std::string(request.Say(KindWords(registrant.kind()))), {}},
      {{"状态说明", "Reason of its state"}, registrant.state_reason(), {}}};
  for (LegalField& field : LegalData(registrant)) {
    facts.push_back({field.name, std::move(field.value), {}});
  }
  const v1::Contact& contact = registrant.contact();
  facts.push_back({{"联系人", "Contact"}, contact.person(), {}});
  facts.push_back({{"电子邮件", "E-mail"}, contact.email(), {}});
  facts.push_back({{"电话", "Telephone"}, contact.phone(), {}});
  facts.push_back({{"申请时间", "Applied"}, TimeText(request, registrant.create_time()), {}});
  facts.push_back({{"最近变更", "Last change"}, TimeText(request, registrant.update_time()), {}});
  if (!registrant.successor().empty()) {
    facts.push_back({{"承继者", "Successor"},
                     registrant.successor(),
                     RegistrantUrl(request, registrant.successor())});
  }
  WriteFacts(html, request.language, facts);
}

void WriteWarnings(HtmlWriter& html, const BureauRequest& request,
                   const v1::Registrant& registrant) {
  if (registrant.warnings().empty()) return;
  const HtmlElement callout(html, "div", {{"class", "callout warn"}});
  html.Element("p", request.Say({"审核时请注意：", "To be looked at in review:"}));
  const HtmlElement list(html, "ul");
  for (const std::string& warning : registrant.warnings()) {
    html.Element("li", warning, {{"lang", "en"}});
  }
}

void WriteAmendment(HtmlWriter& html, const BureauRequest& request,
                    const v1::Registrant& registrant) {
  if (!registrant.has_amendment()) return;
  const v1::Amendment& amendment = registrant.amendment();
  html.Element("h2", request.Say({"申请的变更", "The change applied for"}));
  WriteFacts(html, request.language,
             {{{"状态", "State"},
               std::string(request.Say(amendment.state() == v1::Amendment::RETURNED
                                           ? Words{"已退回", "Returned"}
                                           : Words{"待审核", "Pending"})),
               {}},
              {{"理由", "Reason"}, amendment.reason(), {}},
              {{"退回理由", "Why it was returned"}, amendment.state_reason(), {}},
              {{"提交时间", "Submitted"}, TimeText(request, amendment.submit_time()), {}}});
  PageTable table;
  table.caption = request.Say({"与已核准数据的差别", "What it would change"});
  table.columns = {{{"项目", "Field"}}, {{"现为", "Approved"}}, {{"改为", "Proposed"}}};
  const std::vector<LegalField> before = LegalData(registrant);
  const std::vector<LegalField> after = LegalData(amendment.proposed());
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i].value == after[i].value) continue;
    table.rows.push_back({{std::string(request.Say(before[i].name)), {}},
                          {before[i].value, {}},
                          {after[i].value, {}}});
  }
  WriteTable(html, request.language, table);
}

void WriteDesignations(HtmlWriter& html, const BureauRequest& request,
                       const v1::Registrant& registrant) {
  if (registrant.designations().empty()) return;
  html.Element("h2", request.Say({"荣誉与资质", "Designations"}));
  PageTable table;
  table.caption = request.Say({"主管部门授予", "Given by the bureau"});
  table.columns = {{{"名称", "Title"}},
                   {{"证书编号", "Certificate"}},
                   {{"授予", "Issued"}},
                   {{"有效期至", "Valid until"}},
                   {{"撤销", "Revoked"}}};
  for (const v1::Designation& designation : registrant.designations()) {
    table.rows.push_back({{designation.title(), {}},
                          {designation.certificate_number(), {}},
                          {designation.issued_on(), {}},
                          {designation.valid_until(), {}},
                          {designation.revocation_reason(), {}}});
  }
  WriteTable(html, request.language, table);
}

void WritePrefixes(HtmlWriter& html, const BureauRequest& request,
                   const v1::ListPrefixesResponse& prefixes) {
  html.Element("h2", request.Say({"前缀", "Prefixes"}));
  PageTable table;
  table.caption = request.Say({"所持前缀", "Prefixes that it holds"});
  table.columns = {{{"前缀", "Prefix"}},
                   {{"状态", "State"}},
                   {{"配额", "Quota"}, true},
                   {{"授予时间", "Granted"}}};
  for (const v1::Prefix& prefix : prefixes.prefixes()) {
    table.rows.push_back(
        {{prefix.prefix(), request.Url("/bureau/days").With("prefix", prefix.prefix())},
         {std::string(request.Say(PrefixStateWords(prefix.state()))), {}},
         {prefix.quota() == 0 ? "∞" : std::to_string(prefix.quota()), {}},
         {TimeText(request, prefix.create_time()), {}}});
  }
  WriteTable(html, request.language, table);
  if (prefixes.next_page_token().empty()) return;
  html.Element("p", request.Say({"还有更多前缀未列出。", "It holds more prefixes than these."}));
}

bool WaitsForDecision(const v1::Registrant& registrant) {
  return registrant.state() == v1::Registrant::PENDING ||
         (registrant.has_amendment() && registrant.amendment().state() == v1::Amendment::PENDING);
}

void WriteDecision(HtmlWriter& html, const BureauRequest& request, const std::string& id,
                   const v1::Registrant& registrant) {
  if (!request.MayDecide() || !WaitsForDecision(registrant)) return;
  html.Element("h2", request.Say({"决定", "Decision"}), {{"id", "decision"}});
  OpenPost(html, request, HtmlUrl::OfSegments({"bureau", "registrants", id}).text());
  Hidden(html, "etag", registrant.etag());
  html.Open("div", {{"class", "field"}});
  html.Element("label",
               request.Say({"理由（退回与驳回必填，记入审计日志）",
                            "Reason (needed to return or reject; kept in the audit log)"}),
               {{"for", "reason"}});
  html.Element("textarea", "",
               {{"id", "reason"}, {"name", "reason"}, {"rows", "3"}, {"maxlength", "500"}});
  html.Close().Open("p", {{"class", "actions"}});
  html.Element("button", request.Say({"核准", "Approve"}),
               {{"type", "submit"}, {"name", "decision"}, {"value", "approve"}});
  html.Element(
      "button", request.Say({"退回修改", "Return for correction"}),
      {{"type", "submit"}, {"name", "decision"}, {"value", "return"}, {"class", "second"}});
  html.Element(
      "button", request.Say({"驳回", "Reject"}),
      {{"type", "submit"}, {"name", "decision"}, {"value", "reject"}, {"class", "danger"}});
  html.Close().Close();
}

// What a decision led here with.
void WriteDone(HtmlWriter& html, const BureauRequest& request) {
  const std::string done = request.Parameter("done");
  const Words words = done == "approve"  ? Words{"已核准。", "Approved."}
                      : done == "return" ? Words{"已退回修改。", "Returned for correction."}
                      : done == "reject" ? Words{"已驳回。", "Rejected."}
                                         : Words{};
  if (words.english.empty()) return;
  const HtmlElement callout(html, "div", {{"class", "callout good"}, {"role", "status"}});
  html.Element("p", request.Say(words));
}

// Answers the form when the rule has; `call` and the request live until then.
template <typename Request>
void Decide(const BureauCall& call, const std::string& id, const std::string& decision,
            Method method,
            void (Registrar::*rule)(const Request&, const Caller&, Done<v1::RegistrantResponse>)) {
  const HtmlUrl page = RegistrantUrl(*call, id);
  const absl::Status admitted = call->core->Admit(method, call->caller, 0);
  if (!admitted.ok()) return AnswerFault(*call, BureauSection::kReview, admitted, page);
  const auto request = std::make_shared<Request>();
  request->set_name(Concat("registrants/", id));
  request->set_reason(call->Field("reason"));
  request->set_etag(call->Field("etag"));
  (call->rules().registrar->*rule)(
      *request, call->caller,
      [call, request, page, decision](const absl::StatusOr<v1::RegistrantResponse>& answer) {
        if (!answer.ok()) {
          return AnswerFault(*call, BureauSection::kReview, answer.status(), page);
        }
        call->call.reply(RedirectAnswer(page.With("done", decision).text()));
      });
}

}  // namespace

void ShowRegistrant(const BureauCall& call, const std::string& id) {
  const BureauRequest& request = *call;
  const Registrar& registrar = *request.rules().registrar;
  v1::GetRegistrantRequest get;
  get.set_name(Concat("registrants/", id));
  v1::Registrant registrant;
  absl::Status status = registrar.GetRegistrant(get, request.caller, &registrant);
  v1::ListPrefixesRequest list;
  list.set_holder(get.name());
  list.set_page_size(kPrefixesShown);
  v1::ListPrefixesResponse prefixes;
  if (status.ok()) status = registrar.ListPrefixes(list, request.caller, &prefixes);
  if (!status.ok()) {
    return AnswerFault(request, BureauSection::kRegistrants, status,
                       request.Url("/bureau/registrants"));
  }
  HtmlWriter html;
  WriteDone(html, request);
  html.Element("h1", registrant.legal_name());
  html.Open("p").Element(
      "span", request.Say(RegistrantStateWords(registrant.state())),
      {{"class", registrant.state() == v1::Registrant::ACTIVE ? "state good" : "state warn"}});
  html.Close();
  WriteWarnings(html, request, registrant);
  WriteData(html, request, registrant);
  WriteAmendment(html, request, registrant);
  WriteDecision(html, request, id, registrant);
  WriteDesignations(html, request, registrant);
  WritePrefixes(html, request, prefixes);
  html.Open("p", {{"class", "actions"}})
      .Link(request.Url("/bureau/charts").With("parent", registrant.name()),
            request.Say({"该企业的图表", "Its charts"}), {{"class", "button second"}})
      .Close();
  AnswerPage(request, BureauSection::kRegistrants, registrant.legal_name(), html);
}

void DecideRegistrant(const BureauCall& call, const std::string& id) {
  const std::string decision = call->Field("decision");
  if (decision == "approve") {
    return Decide(call, id, decision, Method::kApproveRegistrant, &Registrar::ApproveRegistrant);
  }
  if (decision == "return") {
    return Decide(call, id, decision, Method::kReturnRegistrant, &Registrar::ReturnRegistrant);
  }
  if (decision == "reject") {
    return Decide(call, id, decision, Method::kRejectRegistrant, &Registrar::RejectRegistrant);
  }
  AnswerFault(*call, BureauSection::kReview,
              Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                    Concat("decision ", Quote(decision), ": approve, return or reject"),
                    {{"field", "decision"}, {"value", decision}}),
              RegistrantUrl(*call, id));
}

}  // namespace gusu::server
