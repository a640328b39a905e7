#include "server/doors/http/pages/error_page.h"

#include <array>
#include <string>

#include "proto/error.h"
#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/call.h"
#include "server/doors/http/page_frame.h"
#include "server/doors/http/pages/search_form.h"

namespace gusu::server {
namespace {

struct Explanation {
  std::string_view reason;
  Words title;
  Words text;
};

constexpr std::array<Explanation, 9> kExplanations = {{
    {"IDENTIFIER_MALFORMED",
     {"编码格式不正确", "This is not a code of this kind"},
     {"标识编码由前缀、“/”和后缀组成，例如 88.118.8/HP-1。",
      "A code is a prefix, a “/” and a suffix, for example 88.118.8/HP-1."}},
    {"PREFIX_NOT_FOUND",
     {"前缀未知", "Unknown prefix"},
     {"本登记处没有分配过该前缀。请核对编码，或到分配该前缀的登记处查询。",
      "This registry never granted the prefix. Check the code, or ask the registry that grants "
      "such prefixes."}},
    {"IDENTIFIER_NOT_FOUND",
     {"编码未登记", "Never issued"},
     {"前缀存在，但该编码从未登记。请逐字核对编码。",
      "The prefix exists, but this code was never registered. Compare it character by character."}},
    {"TIER_REFUSED",
     {"无权查看", "No right to read it"},
     {"该编码已登记，但其内容不公开。",
      "The code is registered, but none of its values is public."}},
    {"RATE_LIMITED",
     {"查询过于频繁", "Too many requests"},
     {"来自该地址的查询过多，请稍后再试。",
      "Too many codes were asked for from this address. Try again later."}},
    {"AS_OF_IN_FUTURE",
     {"时间在将来", "A time in the future"},
     {"只能查询过去的某一天或某一时刻。", "Only past days and times can be asked for."}},
    {"CREDENTIAL_INVALID",
     {"凭证无效", "The credential is not valid"},
     {"凭证未知、已撤销或已过期。", "It is unknown, revoked or expired."}},
    {"TLS_REQUIRED",
     {"需要加密连接", "An encrypted connection is needed"},
     {"凭证只能通过 HTTPS 发送。", "Credentials are taken over HTTPS only."}},
    {"TARGET_MALFORMED",
     {"地址格式不正确", "The address is malformed"},
     {"地址中的百分号编码或参数有误。", "Its percent-encoding or its parameters are wrong."}},
}};

const Explanation& ExplanationOf(const absl::Status& told, bool is_as_of) {
  // Of a code that may have been issued since.
  static constexpr Explanation kNotYet = {
      "IDENTIFIER_NOT_FOUND",
      {"当时尚未登记", "Not issued by then"},
      {"在所查询的时间，该编码尚未登记；此后可能已登记。请查询当前内容。",
       "At that time the code was not registered; it may have been since. Look it up as it is "
       "now."}};
  static constexpr Explanation kRequest = {
      "", {"请求有误", "The request is wrong"}, {"请检查地址中的参数。", "Check the address."}};
  static constexpr Explanation kServer = {
      "",
      {"暂时无法查询", "It cannot be looked up now"},
      {"服务器暂时无法回答，请稍后再试。", "The server cannot answer now. Try again later."}};
  const std::string reason = ErrorReason(told);
  if (is_as_of && reason == kNotYet.reason) return kNotYet;
  for (const Explanation& explanation : kExplanations) {
    if (explanation.reason == reason) return explanation;
  }
  return HttpStatusOf(told) < 500 && told.code() != absl::StatusCode::kResourceExhausted ? kRequest
                                                                                         : kServer;
}

}  // namespace

HttpResponse ErrorPage(const HttpCall& call, const Reader& reader, const absl::Status& status,
                       std::string_view asked) {
  const absl::Status told = ToldStatus(call.request->target, status);
  const bool is_as_of = !call.target.Parameter("as_of").value_or("").empty();
  const Explanation& explanation = ExplanationOf(told, is_as_of);
  HtmlWriter html;
  html.Element("h1", reader.In(explanation.title));
  if (!asked.empty()) {
    html.Open("p", {{"class", "identifier"}}).Foreign(asked).Close();
  }
  html.Open("div", {{"class", "callout warn"}});
  html.Element("p", reader.In(explanation.text));
  // The exact words, which name field and value, are in English.
  html.Element("p", StdView(told.message()), {{"lang", "en"}, {"class", "quiet"}});
  html.Open("p", {{"class", "quiet"}}).Element("code", ErrorReason(told)).Close();
  html.Close();
  WriteSearchForm(reader, asked, html);
  PageFrame frame;
  frame.language = reader.language;
  frame.title = reader.In(explanation.title);
  frame.has_scan = true;
  const HttpResponse plain = StatusAnswer(call.request->target, told);
  HttpResponse page = PageAnswer(plain.status, call, frame, html);
  for (const std::string_view name : {"Retry-After", "WWW-Authenticate"}) {
    const std::string_view value = plain.Header(name);
    if (!value.empty()) page.SetHeader(name, std::string(value));
  }
  return page;
}

}  // namespace gusu::server
