// Search by enterprise.
#include <optional>

#include "absl/strings/ascii.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"
#include "server/doors/http/pages/words.h"
#include "server/registrar.h"

namespace gusu::server {
namespace {

constexpr uint32_t kPageRows = 50;
constexpr int kStates[] = {v1::Registrant::PENDING, v1::Registrant::RETURNED,
                           v1::Registrant::ACTIVE,  v1::Registrant::SUSPENDED,
                           v1::Registrant::CLOSED,  v1::Registrant::REJECTED};

struct Typed {
  std::string text, state, district, industry;
};

Typed ReadTyped(const BureauRequest& request) {
  return {request.Typed("q"), request.Parameter("state"), request.Typed("district"),
          request.Typed("industry")};
}

void WriteSearch(HtmlWriter& html, const BureauRequest& request, const Typed& typed) {
  OpenSearch(html, request, "/bureau/registrants");
  WriteField(html, request,
             {"q", {"名称或代号", "Part of the name, or the id"}, "text", typed.text});
  std::vector<std::string> names;
  for (const int state : kStates) {
    names.push_back(v1::Registrant::State_Name(static_cast<v1::Registrant::State>(state)));
  }
  std::vector<Choice> choices = {{"", {"全部", "Any"}}};
  for (size_t i = 0; i < names.size(); ++i) {
    choices.push_back({names[i], RegistrantStateWords(kStates[i])});
  }
  WriteChoices(html, request, "state", {"状态", "State"}, choices, typed.state);
  WriteField(html, request, {"district", {"区划代码", "District"}, "text", typed.district});
  WriteField(html, request, {"industry", {"行业代码", "Industry class"}, "text", typed.industry});
  html.Element("button", request.Say({"查询", "Search"}), {{"type", "submit"}}).Close();
}

absl::StatusOr<v1::ListRegistrantsRequest> ToList(const Typed& typed, std::string token) {
  v1::ListRegistrantsRequest list;
  list.set_name_contains(typed.text);
  list.set_district(typed.district);
  list.set_industry_class(typed.industry);
  list.set_page_size(kPageRows);
  list.set_page_token(std::move(token));
  v1::Registrant::State state = v1::Registrant::STATE_UNSPECIFIED;
  if (!typed.state.empty() && !v1::Registrant::State_Parse(typed.state, &state)) {
    return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                 Concat("state ", Quote(typed.state), ": it must be a state"),
                 {{"field", "state"}, {"value", typed.state}});
  }
  list.set_state(state);
  return list;
}

// One whose id was typed, which its name need not contain.
std::optional<v1::Registrant> FindById(const BureauRequest& request, const std::string& text) {
  v1::GetRegistrantRequest get;
  get.set_name(Concat("registrants/", text));
  v1::Registrant registrant;
  if (text.empty() ||
      !request.rules().registrar->GetRegistrant(get, request.caller, &registrant).ok()) {
    return std::nullopt;
  }
  return registrant;
}

std::vector<TableCell> RowOf(const BureauRequest& request, const v1::Registrant& registrant) {
  return {{registrant.legal_name(), RegistrantUrl(request, registrant.name())},
          {registrant.name(), {}},
          {std::string(request.Say(RegistrantStateWords(registrant.state()))), {}},
          {registrant.organization_code().value(), {}},
          {registrant.district(), {}},
          {registrant.industry_class(), {}}};
}

HtmlUrl NextUrl(const BureauRequest& request, const Typed& typed) {
  return request.Url("/bureau/registrants")
      .With("q", typed.text)
      .With("state", typed.state)
      .With("district", typed.district)
      .With("industry", typed.industry);
}

}  // namespace

void ShowRegistrants(const BureauCall& call) {
  const BureauRequest& request = *call;
  const Typed typed = ReadTyped(request);
  const std::string token = request.Parameter("page_token");
  v1::ListRegistrantsResponse page;
  absl::StatusOr<v1::ListRegistrantsRequest> list = ToList(typed, token);
  const absl::Status status =
      list.ok() ? request.rules().registrar->ListRegistrants(*list, request.caller, &page)
                : list.status();
  if (!status.ok()) {
    return AnswerFault(request, BureauSection::kRegistrants, status,
                       request.Url("/bureau/registrants"));
  }
  HtmlWriter html;
  html.Element("h1", request.Say({"企业", "Registrants"}));
  WriteSearch(html, request, typed);
  PageTable table;
  table.caption = request.Say({"查得的企业", "Registrants found"});
  table.columns = {{{"名称", "Name"}},     {{"代号", "Id"}},
                   {{"状态", "State"}},    {{"机构代码", "Organisation code"}},
                   {{"区划", "District"}}, {{"行业", "Industry"}}};
  table.when_empty = {"这一页没有。", "None on this page."};
  const auto named =
      token.empty() ? FindById(request, absl::AsciiStrToLower(typed.text)) : std::nullopt;
  if (named.has_value()) table.rows.push_back(RowOf(request, *named));
  for (const v1::Registrant& registrant : page.registrants()) {
    if (named.has_value() && named->name() == registrant.name()) continue;
    table.rows.push_back(RowOf(request, registrant));
  }
  WriteTable(html, request.language, table);
  WriteNext(html, request, NextUrl(request, typed), page.next_page_token());
  AnswerPage(request, BureauSection::kRegistrants, request.Say({"企业", "Registrants"}), html);
}

}  // namespace gusu::server
