#include "server/doors/http/bureau/page.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/bureau/fault_words.h"

namespace gusu::server {
namespace {

struct Place {
  BureauSection section;
  std::string_view path;
  Words words;
};
constexpr Place kPlaces[] = {
    {BureauSection::kReview, "/bureau/review", {"审核", "Review"}},
    {BureauSection::kRegistrants, "/bureau/registrants", {"企业", "Registrants"}},
    {BureauSection::kCodes, "/bureau/codes", {"标识", "Codes"}},
    {BureauSection::kDays, "/bureau/days", {"按日", "Days"}},
    {BureauSection::kCharts, "/bureau/charts", {"图表", "Charts"}},
    {BureauSection::kReport, "/bureau/report", {"报告", "Report"}},
};

// Browsers send no Origin with a form of a page whose policy is no-referrer.
void AllowOwnReferrer(HttpResponse* response) {
  response->SetHeader("Referrer-Policy", "same-origin");
}

Words HeadlineOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return {"没有找到", "Not found"};
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return {"没有权限", "Not allowed"};
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return {"状态已变化，未作更改", "Something has changed; nothing was done"};
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return {"输入有误", "This cannot be taken"};
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
      return {"现在无法完成，请稍后再试", "Not now; try again"};
    default:
      return {"服务器出错", "The server failed"};
  }
}

// A page below the navigation and the form that signs out.
HttpResponse SessionPage(int status, const BureauRequest& request, BureauSection section,
                         std::string_view title, const HtmlWriter& content) {
  PageFrame frame;
  frame.language = request.language;
  frame.title = Concat(title, " · ", request.Say({"主管部门工作台", "Bureau console"}));
  for (const Place& place : kPlaces) {
    frame.navigation.push_back(
        {request.Url(place.path), std::string(request.Say(place.words)), place.section == section});
  }
  OpenPost(frame.header, request, "/bureau/sign-out");
  frame.header.Element("button", request.Say({"退出", "Sign out"}),
                       {{"type", "submit"}, {"class", "second"}});
  frame.header.Close();
  HttpResponse response = PageAnswer(status, request.call, frame, content);
  AllowOwnReferrer(&response);
  return response;
}

}  // namespace

std::string BureauRequest::Parameter(std::string_view name) const {
  return std::string(call.target.Parameter(name).value_or(""));
}

std::string BureauRequest::Typed(std::string_view name) const {
  const std::string_view text = call.target.Parameter(name).value_or("");
  return std::string(absl::StripAsciiWhitespace(AbslView(text)));
}

std::string BureauRequest::Field(std::string_view name) const {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return "";
}

HtmlUrl BureauRequest::Url(std::string_view path) const {
  const HtmlUrl url = HtmlUrl::OfPath(path);
  return call.target.Parameter("lang").has_value() ? url.With("lang", LanguageParameter(language))
                                                   : url;
}

void AnswerPage(const BureauRequest& request, BureauSection section, std::string_view title,
                const HtmlWriter& content) {
  request.call.reply(SessionPage(200, request, section, title, content));
}

void AnswerFault(const BureauRequest& request, BureauSection section, const absl::Status& status,
                 const HtmlUrl& back) {
  const absl::Status told = ToldStatus(request.call.target.raw_path, status);
  HtmlWriter html;
  WriteFault(html, request.language, told);
  {
    const HtmlElement paragraph(html, "p");
    html.Link(back, request.Say({"返回", "Back"}), {{"class", "button second"}});
  }
  HttpResponse page =
      SessionPage(HttpStatusOf(told), request, section, request.Say(HeadlineOf(told)), html);
  SayWhenToRetry(told, &page);
  request.call.reply(std::move(page));
}

HttpResponse VisitorPage(int status, const HttpCall& call, Language language,
                         std::string_view title, const HtmlWriter& content) {
  PageFrame frame;
  frame.language = language;
  frame.title = Concat(title, " · ", Words{"主管部门工作台", "Bureau console"}.In(language));
  HttpResponse response = PageAnswer(status, call, frame, content);
  AllowOwnReferrer(&response);
  return response;
}

void WriteFault(HtmlWriter& html, Language language, const absl::Status& told) {
  html.Element("h1", HeadlineOf(told).In(language));
  const HtmlElement callout(html, "div", {{"class", "callout bad"}, {"role", "alert"}});
  const std::string_view chinese = FaultInChinese(ErrorReason(told));
  if (language == Language::kChinese && !chinese.empty()) html.Element("p", chinese);
  html.Element("p", StdView(told.message()), {{"lang", "en"}});
  html.Open("p").Element("code", ErrorReason(told)).Close();
}

void SayWhenToRetry(const absl::Status& told, HttpResponse* page) {
  constexpr std::string_view kName = "Retry-After";
  const HttpResponse plain = StatusAnswer("bureau", told);
  if (const std::string_view when = plain.Header(kName); !when.empty()) {
    page->SetHeader(kName, std::string(when));
  }
}

HtmlWriter& OpenPost(HtmlWriter& html, const BureauRequest& request, std::string_view path) {
  html.OpenForm(HtmlWriter::FormMethod::kPost, request.Url(path));
  return Hidden(html, "form_token", request.form_token);
}

HtmlWriter& Hidden(HtmlWriter& html, std::string_view name, std::string_view value) {
  return html.Open("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
}

HtmlWriter& OpenSearch(HtmlWriter& html, const BureauRequest& request, std::string_view path) {
  html.OpenForm(HtmlWriter::FormMethod::kGet, HtmlUrl::OfPath(path),
                {{"class", "search"}, {"role", "search"}});
  if (request.call.target.Parameter("lang").has_value()) {
    Hidden(html, "lang", LanguageParameter(request.language));
  }
  return html;
}

HtmlWriter& WriteField(HtmlWriter& html, const BureauRequest& request, const TextField& field) {
  html.Open("div", {{"class", field.type == "date" ? "field" : "field grow"}});
  html.Element("label", request.Say(field.label), {{"for", field.name}});
  if (field.is_required) {
    html.Open("input", {{"id", field.name},
                        {"name", field.name},
                        {"type", field.type},
                        {"value", field.value},
                        {"autocomplete", field.autocomplete},
                        {"required", ""}});
  } else {
    html.Open("input", {{"id", field.name},
                        {"name", field.name},
                        {"type", field.type},
                        {"value", field.value},
                        {"autocomplete", field.autocomplete}});
  }
  return html.Close();
}

HtmlWriter& WriteChoices(HtmlWriter& html, const BureauRequest& request, std::string_view name,
                         const Words& label, const std::vector<Choice>& choices,
                         std::string_view chosen) {
  html.Open("div", {{"class", "field"}});
  html.Element("label", request.Say(label), {{"for", name}});
  html.Open("select", {{"id", name}, {"name", name}});
  for (const Choice& choice : choices) {
    if (choice.value == chosen) {
      html.Element("option", request.Say(choice.words),
                   {{"value", choice.value}, {"selected", ""}});
    } else {
      html.Element("option", request.Say(choice.words), {{"value", choice.value}});
    }
  }
  return html.Close().Close();
}

HtmlWriter& WriteFacts(HtmlWriter& html, Language language, const std::vector<Fact>& facts) {
  const HtmlElement list(html, "dl", {{"class", "facts"}});
  for (const Fact& fact : facts) {
    if (fact.value.empty()) continue;
    html.Element("dt", fact.name.In(language));
    html.Open("dd");
    if (fact.url.has_value()) {
      html.OpenLink(*fact.url).Foreign(fact.value).Close();
    } else {
      html.Foreign(fact.value);
    }
    html.Close();
  }
  return html;
}

HtmlWriter& WriteTable(HtmlWriter& html, Language language, const PageTable& table) {
  if (table.rows.empty()) {
    return html.Element("p", Concat(table.caption, table.caption.empty() ? "" : ": ",
                                    table.when_empty.In(language)));
  }
  // Focusable, so that the keyboard can scroll it.
  html.Open(
      "div",
      {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", table.caption}});
  html.Open("table").Element("caption", table.caption,
                             {{"class", table.hides_caption ? "hidden-visually" : "shown"}});
  html.Open("thead").Open("tr");
  for (const PageTable::Column& column : table.columns) {
    html.Element("th", column.heading.In(language),
                 {{"scope", "col"}, {"class", column.is_number ? "number" : "text"}});
  }
  html.Close().Close().Open("tbody");
  for (const auto& row : table.rows) {
    const HtmlElement line(html, "tr");
    for (size_t i = 0; i < row.size(); ++i) {
      html.Open("td", {{"class", table.columns[i].is_number ? "number" : "text"}});
      if (row[i].url.has_value()) {
        html.OpenLink(*row[i].url).Foreign(row[i].text).Close();
      } else {
        html.Foreign(row[i].text);
      }
      html.Close();
    }
  }
  return html.Close().Close().Close().Text("\n");
}

HtmlWriter& WriteNext(HtmlWriter& html, const BureauRequest& request, HtmlUrl url,
                      std::string_view token) {
  if (token.empty()) return html;
  html.Open("p", {{"class", "actions"}});
  html.Link(url.With("page_token", token), request.Say({"下一页", "Next page"}),
            {{"class", "button second"}, {"rel", "next"}});
  return html.Close();
}

HtmlUrl RegistrantUrl(const BureauRequest& request, std::string_view name) {
  constexpr std::string_view kCollection = "registrants/";
  if (name.starts_with(kCollection)) name.remove_prefix(kCollection.size());
  return request.Url(HtmlUrl::OfSegments({"bureau", "registrants", name}).text());
}

HtmlUrl CodeUrl(const BureauRequest& request, std::string_view identifier) {
  return request.Url("/bureau/codes").With("code", identifier);
}

}  // namespace gusu::server
