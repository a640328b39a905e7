#include "server/doors/http/bureau/sign_in.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/bureau/console.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/content_type.h"
#include "server/log.h"
#include "server/net/address.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

constexpr std::string_view kSessionCookie = "gusu_bureau";
// Of a visitor, for the token of the form that signs in.
constexpr std::string_view kVisitorCookie = "gusu_bureau_visitor";
constexpr size_t kVisitorBytes = 16;
constexpr std::string_view kFallbackZone = "UTC";

// So that a visitor's token is never a session's.
std::string VisitorSecret(std::string_view visitor) { return Concat("visitor:", visitor); }
std::string SessionSecret(std::string_view session) { return Concat("session:", session); }

absl::Status SessionEnded() {
  return Error(absl::StatusCode::kUnauthenticated, "SESSION_ENDED",
               "nobody is signed in here, or no longer; sign in again");
}

absl::Status TooManyAttempts(absl::Duration wait) {
  return Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
               "too many wrong tokens from this address; try again later",
               {{"retry_after_ms", std::to_string(absl::ToInt64Milliseconds(wait))}});
}

absl::StatusOr<papers::Calendar> CalendarOf(const DoorRules& rules) {
  GUSU_ASSIGN_OR_RETURN(const auto view, rules.ledger->Latest());
  const auto* settings = view->directory().settings();
  const std::string zone = settings == nullptr ? "" : settings->row->time_zone();
  std::optional<papers::Calendar> calendar = papers::Calendar::OfZone(zone);
  if (!calendar.has_value()) calendar = papers::Calendar::OfZone(std::string(kFallbackZone));
  return *std::move(calendar);
}

std::string FieldOf(const FormPairs& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return "";
}

HtmlUrl ConsoleUrl(const HttpCall& call, Language language, std::string_view path) {
  const HtmlUrl url = HtmlUrl::OfPath(path);
  return call.target.Parameter("lang").has_value() ? url.With("lang", LanguageParameter(language))
                                                   : url;
}

void WriteForm(HtmlWriter& html, const HttpCall& call, Language language,
               const std::string& form_token) {
  const HtmlElement section(html, "section", {{"aria-labelledby", "sign-in"}});
  html.Element("h1", Words{"主管部门工作台", "Bureau console"}.In(language), {{"id", "sign-in"}});
  html.Element("p", Words{"用主管部门的凭证（令牌）登录。会话闲置 15 分钟或满 8 小时后结束。",
                          "Sign in with a token of the bureau. A session ends after 15 minutes "
                          "without use, and after 8 hours."}
                        .In(language));
  html.OpenForm(HtmlWriter::FormMethod::kPost, ConsoleUrl(call, language, "/bureau/sign-in"));
  Hidden(html, "form_token", form_token);
  html.Open("div", {{"class", "field"}});
  html.Element("label", Words{"令牌", "Token"}.In(language), {{"for", "token"}});
  html.Open("input", {{"id", "token"},
                      {"name", "token"},
                      {"type", "password"},
                      {"autocomplete", "current-password"},
                      {"spellcheck", "false"},
                      {"required", ""}});
  html.Close();
  html.Element("button", Words{"登录", "Sign in"}.In(language), {{"type", "submit"}});
  html.Close();
}

}  // namespace

absl::StatusOr<FormPairs> ReadForm(const HttpRequest& request) {
  const std::string type = ContentType(request);
  if (type != kFormType) {
    return Error(absl::StatusCode::kInvalidArgument, "FORM_MALFORMED",
                 Concat("a form is sent as ", kFormType, ", not ", Quote(type)),
                 {{"content_type", type}});
  }
  if (request.body.size() > kBureauFormBytesMax) {
    return Error(
        absl::StatusCode::kInvalidArgument, "FORM_MALFORMED",
        Concat("a form has at most ", kBureauFormBytesMax, " bytes, not ", request.body.size()),
        {{"bytes", std::to_string(request.body.size())},
         {"bytes_max", std::to_string(kBureauFormBytesMax)}});
  }
  return ParseForm(request.body);
}

HttpResponse BureauSignIn::Form(const HttpCall& call, const absl::Status& fault) const {
  const Language language = LanguageOf(call);
  const absl::Status told = ToldStatus(call.target.raw_path, fault);
  HtmlWriter html;
  if (!told.ok()) WriteFault(html, language, told);
  const absl::Status may_send = HttpCore::CheckMaySendSecret(*call.request);
  if (!may_send.ok()) {
    if (told.ok()) WriteFault(html, language, may_send);
    return VisitorPage(HttpStatusOf(may_send), call, language,
                       Words{"登录", "Sign in"}.In(language), html);
  }
  std::string visitor = CookieOf(*call.request, kVisitorCookie).value_or("");
  const bool is_new = visitor.empty();
  if (is_new) visitor = Base64UrlEncode(RandomBytes(kVisitorBytes));
  WriteForm(html, call, language, guard_.TokenFor(VisitorSecret(visitor)));
  HttpResponse response = VisitorPage(told.ok() ? 200 : HttpStatusOf(told), call, language,
                                      Words{"登录", "Sign in"}.In(language), html);
  if (!told.ok()) SayWhenToRetry(told, &response);
  if (is_new) response.headers.push_back(CookieHeader(kVisitorCookie, visitor, call.request->tls));
  return response;
}

HttpResponse BureauSignIn::Post(const HttpCall& call) {
  const absl::StatusOr<FormPairs> form = ReadForm(*call.request);
  if (!form.ok()) return Form(call, form.status());
  const std::optional<std::string> visitor = CookieOf(*call.request, kVisitorCookie);
  const absl::Status is_ours = guard_.Check(*call.request, VisitorSecret(visitor.value_or("")),
                                            FieldOf(*form, "form_token"));
  if (!visitor.has_value() || !is_ours.ok()) {
    return Form(call, is_ours.ok() ? SessionEnded() : is_ours);
  }
  // Copied from a file or a message, a token often brings white space along.
  const std::string token(absl::StripAsciiWhitespace(FieldOf(*form, "token")));
  const absl::StatusOr<std::string> session = Begin(call, token);
  if (!session.ok()) return Form(call, session.status());
  HttpResponse response =
      RedirectAnswer(ConsoleUrl(call, LanguageOf(call), "/bureau/review").text());
  response.headers.push_back(CookieHeader(kSessionCookie, *session, call.request->tls));
  response.headers.push_back(CookieHeader(kVisitorCookie, "", call.request->tls));
  return response;
}

absl::StatusOr<std::string> BureauSignIn::Begin(const HttpCall& call, const std::string& token) {
  GUSU_RETURN_IF_ERROR(HttpCore::CheckMaySendSecret(*call.request));
  const std::string& peer = call.request->peer;
  const std::string source = AddressGroup(peer);
  const SourceBuckets::Rate rate =
      IsLoopbackAddress(peer) ? kWrongAttemptsOfLoopback : kWrongAttempts;
  if (!wrong_attempts_.Has(source, rate, 1)) {
    return TooManyAttempts(absl::Seconds(1 / rate.per_second));
  }
  absl::StatusOr<Caller> caller = core_.AuthenticatedBy(token, peer);
  if (caller.ok() && !caller->is_bureau()) {
    caller = Error(absl::StatusCode::kPermissionDenied, "ROLE_REFUSED",
                   "the console is for credentials of the bureau",
                   {{"role", std::string(RoleName(caller->role))}});
  }
  if (!caller.ok()) {
    wrong_attempts_.Charge(source, rate, 1);
    Log(LogLevel::kWarning, "bureau_sign_in_refused",
        {{"address", peer}, {"reason", ErrorReason(caller.status())}});
    return caller.status();
  }
  // Whoever was signed in with this browser is so no more.
  if (const auto before = CookieOf(*call.request, kSessionCookie)) sessions_.Close(*before);
  Log(LogLevel::kInfo, "bureau_signed_in", {{"address", peer}, {"credential", caller->credential}});
  return sessions_.Open({token, call.request->tls});
}

HttpResponse BureauSignIn::SignOut(const BureauRequest& request) {
  const HttpRequest& http = *request.call.request;
  if (const auto session = CookieOf(http, kSessionCookie)) sessions_.Close(*session);
  Log(LogLevel::kInfo, "bureau_signed_out",
      {{"address", http.peer}, {"credential", request.caller.credential}});
  HttpResponse response = RedirectAnswer(request.Url("/bureau").text());
  response.headers.push_back(CookieHeader(kSessionCookie, "", http.tls));
  return response;
}

absl::StatusOr<std::shared_ptr<BureauRequest>> BureauSignIn::Read(const HttpCall& call) {
  const std::optional<std::string> id = CookieOf(*call.request, kSessionCookie);
  if (!id.has_value()) return SessionEnded();
  GUSU_RETURN_IF_ERROR(HttpCore::CheckMaySendSecret(*call.request));
  const auto session = sessions_.Find(*id, call.request->tls);
  if (!session.has_value()) return SessionEnded();
  absl::StatusOr<Caller> caller = core_.AuthenticatedBy(session->bearer, call.request->peer);
  if (!caller.ok() && caller.status().code() != absl::StatusCode::kUnauthenticated) {
    return caller.status();
  }
  if (!caller.ok() || !caller->is_bureau()) {
    sessions_.Close(*id);
    return SessionEnded();
  }
  GUSU_ASSIGN_OR_RETURN(papers::Calendar calendar, CalendarOf(core_.rules()));
  return std::make_shared<BureauRequest>(
      BureauRequest{&core_, call, *std::move(caller), LanguageOf(call),
                    guard_.TokenFor(SessionSecret(*id)), FormPairs(), std::move(calendar)});
}

absl::StatusOr<BureauCall> BureauSignIn::Find(const HttpCall& call) {
  GUSU_ASSIGN_OR_RETURN(const std::shared_ptr<BureauRequest> request, Read(call));
  return BureauCall(request);
}

absl::StatusOr<BureauCall> BureauSignIn::FindForForm(const HttpCall& call) {
  GUSU_ASSIGN_OR_RETURN(const std::shared_ptr<BureauRequest> request, Read(call));
  GUSU_ASSIGN_OR_RETURN(request->form, ReadForm(*call.request));
  const std::string id = CookieOf(*call.request, kSessionCookie).value_or("");
  GUSU_RETURN_IF_ERROR(
      guard_.Check(*call.request, SessionSecret(id), request->Field("form_token")));
  return BureauCall(request);
}

}  // namespace gusu::server
