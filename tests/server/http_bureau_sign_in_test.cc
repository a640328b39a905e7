// Signing in to the bureau's console, and forms that do not count.
#include "gusu/v1/registrar.pb.h"
#include "proto/text.h"
#include "server/registrar.h"
#include "tests/server/bureau_browser.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr char kSession[] = "gusu_bureau";

bool Shows(const HttpResponse& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}

std::vector<std::string> SetCookies(const HttpResponse& response) {
  std::vector<std::string> cookies;
  for (const HttpHeader& header : response.headers) {
    if (header.name == "Set-Cookie") cookies.push_back(header.value);
  }
  return cookies;
}

// `303 /bureau/review`.
std::string Led(const HttpResponse& response) {
  return Concat(response.status, " ", response.Header("Location"));
}

v1::Registrant::State StateOf(HttpWorld& world, const std::string& id) {
  return world
      .Read(&Registrar::GetRegistrant, HttpWorld::kBureauAdmin,
            Concat("name: 'registrants/", id, "'"))
      .state();
}

TEST_CASE("the console opens with a form, and a token of the bureau opens the queue") {
  HttpWorld world;
  BureauBrowser browser(&world);
  const HttpResponse form = browser.Get("/bureau");
  CHECK(form.status == 200);
  CHECK(form.Header("Content-Type") == "text/html; charset=utf-8");
  CHECK(form.Header("Referrer-Policy") == "same-origin");
  CHECK(form.Header("Cache-Control") == "no-store");
  CHECK(form.Header("Content-Security-Policy").find("form-action 'self'") != std::string::npos);
  CHECK(Shows(form, "type=\"password\""));
  CHECK(Led(browser.Get("/bureau/registrants?lang=en")) == "303 /bureau?lang=en");
  CHECK(Led(browser.Get("/bureau/sign-in")) == "303 /bureau");

  CHECK(Led(browser.SignIn(HttpWorld::kBureauAdmin)) == "303 /bureau/review");
  const HttpResponse queue = browser.Get("/bureau/review");
  CHECK(queue.status == 200);
  CHECK(Shows(queue, "Company sz-new"));
  CHECK(queue.Header("Content-Encoding") == "");
  CHECK(Shows(browser.Get("/bureau"), "Company sz-new"));
}

TEST_CASE("cookies are for the console alone, and not for scripts and other sites") {
  HttpWorld world;
  BureauBrowser plain(&world);
  const auto visitor = SetCookies(plain.Get("/bureau"));
  REQUIRE(visitor.size() == 1);
  CHECK(visitor[0].starts_with("gusu_bureau_visitor="));
  const auto cookies = SetCookies(plain.SignIn(HttpWorld::kBureauAdmin));
  REQUIRE(cookies.size() == 2);
  CHECK(cookies[0] == Concat(plain.Cookie(kSession), "; Path=/bureau; HttpOnly; SameSite=Strict"));
  CHECK(plain.Cookie(kSession).size() == sizeof "gusu_bureau=" - 1 + 43);
  CHECK(cookies[1] == "gusu_bureau_visitor=; Path=/bureau; HttpOnly; SameSite=Strict; Max-Age=0");

  BureauBrowser secure(&world);
  secure.tls = true;
  secure.peer = "192.0.2.7";
  secure.headers = {{"Origin", "https://id.example"}};
  const auto over_tls = SetCookies(secure.SignIn(HttpWorld::kBureauAdmin));
  REQUIRE(over_tls.size() == 2);
  CHECK(over_tls[0] ==
        Concat(secure.Cookie(kSession), "; Path=/bureau; HttpOnly; SameSite=Strict; Secure"));
}

TEST_CASE("a token that is none of the bureau's signs nobody in, and is told apart") {
  HttpWorld world;
  BureauBrowser browser(&world);
  const HttpResponse unknown = browser.SignIn("gusu_unknown");
  CHECK(unknown.status == 401);
  CHECK(Shows(unknown, "CREDENTIAL_INVALID"));
  CHECK(Shows(unknown, "令牌无效"));
  const HttpResponse registrant = browser.SignIn(HttpWorld::kPumpsAdmin);
  CHECK(registrant.status == 403);
  CHECK(Shows(registrant, "ROLE_REFUSED"));
  const HttpResponse nothing = browser.SignIn("");
  CHECK(nothing.status == 403);
  CHECK(Shows(nothing, "ROLE_REFUSED"));
  CHECK(browser.Cookie(kSession) == "");
  CHECK(Led(browser.Get("/bureau/review")) == "303 /bureau");
  CHECK(browser.SignIn(Concat(" ", HttpWorld::kBureauAdmin, "\r\n")).status == 303);
}

TEST_CASE("wrong tokens are limited by address, right ones then too") {
  HttpWorld world;
  BureauBrowser browser(&world);
  browser.tls = true;
  browser.headers.clear();
  browser.peer = "192.0.2.7";
  for (int i = 0; i < 10; ++i) REQUIRE(browser.SignIn(Concat("gusu_", i)).status == 401);
  const HttpResponse limited = browser.SignIn(HttpWorld::kBureauAdmin);
  CHECK(limited.status == 429);
  CHECK(Shows(limited, "RATE_LIMITED"));
  CHECK(limited.Header("Retry-After") == "30");
  browser.peer = "192.0.2.8";
  CHECK(browser.SignIn(HttpWorld::kBureauAdmin).status == 303);
  // All that a proxy on the server's own machine passes on.
  BureauBrowser loopback(&world);
  for (int i = 0; i < 50; ++i) REQUIRE(loopback.SignIn(Concat("gusu_", i)).status == 401);
  CHECK(loopback.SignIn(HttpWorld::kBureauAdmin).status == 303);
}

TEST_CASE("no secret is taken over plain HTTP from another machine") {
  HttpWorld world;
  BureauBrowser inside(&world);
  REQUIRE(inside.SignIn(HttpWorld::kBureauAdmin).status == 303);
  BureauBrowser outside(&world);
  outside.peer = "192.0.2.7";
  const HttpResponse form = outside.Get("/bureau");
  CHECK(form.status == 403);
  CHECK(Shows(form, "TLS_REQUIRED"));
  CHECK_FALSE(Shows(form, "type=\"password\""));
  outside.SetCookie("gusu_bureau_visitor", "x");
  CHECK(outside.Post("/bureau/sign-in", {{"token", HttpWorld::kBureauAdmin}}).status == 403);
  // A session of the server's own machine counts nowhere else.
  outside.SetCookie(kSession, inside.Cookie(kSession).substr(sizeof kSession));
  CHECK(outside.Get("/bureau/review").status == 403);
  outside.tls = true;
  CHECK(Led(outside.Get("/bureau/review")) == "303 /bureau");
}

TEST_CASE(
    "an id that a visitor brings never becomes a session, and signing in ends the one before") {
  HttpWorld world;
  BureauBrowser browser(&world);
  const std::string planted(43, 'A');
  browser.SetCookie(kSession, planted);
  REQUIRE(browser.SignIn(HttpWorld::kBureauAdmin).status == 303);
  const std::string first = browser.Cookie(kSession).substr(sizeof kSession);
  CHECK(first != planted);
  BureauBrowser attacker(&world);
  attacker.SetCookie(kSession, planted);
  CHECK(Led(attacker.Get("/bureau/review")) == "303 /bureau");

  // The console shows no form to whoever is signed in: an earlier page's.
  BureauBrowser visitor(&world);
  const HttpResponse page = visitor.Get("/bureau");
  visitor.SetCookie(kSession, first);
  REQUIRE(visitor.Submit(page, "/bureau/sign-in", {{"token", HttpWorld::kBureauAdmin}}).status ==
          303);
  CHECK(visitor.Cookie(kSession).substr(sizeof kSession) != first);
  CHECK(Led(browser.Get("/bureau/review")) == "303 /bureau");
  CHECK(visitor.Get("/bureau/review").status == 200);
}

TEST_CASE("signing out ends the session for whoever has its cookie") {
  HttpWorld world;
  BureauBrowser browser(&world);
  browser.SignIn(HttpWorld::kBureauAuditor);
  BureauBrowser copy(&world);
  copy.SetCookie(kSession, browser.Cookie(kSession).substr(sizeof kSession));
  const HttpResponse page = browser.Get("/bureau/review");
  CHECK(copy.Get("/bureau/review").status == 200);
  CHECK(Led(browser.Submit(page, "/bureau/sign-out", {})) == "303 /bureau");
  CHECK(browser.Cookie(kSession) == "");
  CHECK(Led(copy.Get("/bureau/review")) == "303 /bureau");
}

TEST_CASE("a credential that is revoked ends its sessions at once") {
  HttpWorld world;
  BureauBrowser auditor(&world), admin(&world);
  auditor.SignIn(HttpWorld::kBureauAuditor);
  admin.SignIn(HttpWorld::kBureauAdmin);
  REQUIRE(auditor.Get("/bureau/review").status == 200);
  const std::string id = world.Who(HttpWorld::kBureauAuditor).credential;
  world.Write(&Registrar::RevokeCredential, HttpWorld::kBureauAdmin,
              Concat("name: 'bureau/credentials/", id, "' reason: 'left'"));
  CHECK(Led(auditor.Get("/bureau/review")) == "303 /bureau");
  CHECK(admin.Get("/bureau/review").status == 200);
}

TEST_CASE("a form without its session's token, or of another site, does nothing") {
  HttpWorld world;
  BureauBrowser admin(&world), other(&world);
  admin.SignIn(HttpWorld::kBureauAdmin);
  other.SignIn(HttpWorld::kBureauAdmin);
  constexpr char kTarget[] = "/bureau/registrants/sz-new";
  const HttpResponse page = admin.Get(kTarget);
  const std::string token = HiddenField(page, kTarget, "form_token");
  const std::string others = HiddenField(other.Get(kTarget), kTarget, "form_token");
  REQUIRE(!token.empty());
  REQUIRE(token != others);
  const auto refused = [&](const HttpResponse& response) {
    return response.status == 403 && Shows(response, "FORM_REFUSED");
  };
  CHECK(refused(admin.Post(kTarget, {{"decision", "approve"}})));
  CHECK(refused(admin.Post(kTarget, {{"decision", "approve"}, {"form_token", ""}})));
  CHECK(refused(admin.Post(kTarget, {{"decision", "approve"}, {"form_token", others}})));
  const BureauBrowser::Fields whole = {{"decision", "approve"}, {"form_token", token}};
  for (const std::vector<HttpHeader>& headers :
       {std::vector<HttpHeader>{{"Sec-Fetch-Site", "cross-site"}},
        {{"Sec-Fetch-Site", "same-site"}},
        {{"Origin", "null"}},
        {{"Origin", "http://evil.example"}},
        {{"Origin", "https://id.example"}}}) {
    admin.headers = headers;
    CHECK(refused(admin.Post(kTarget, whole)));
    CHECK(refused(admin.Post("/bureau/sign-out", {{"form_token", token}})));
  }
  CHECK(StateOf(world, "sz-new") == v1::Registrant::PENDING);

  // The same to sign in: a form that another visitor's page gave.
  BureauBrowser visitor(&world), attacker(&world);
  visitor.Get("/bureau");
  const HttpResponse attackers = attacker.Get("/bureau");
  CHECK(
      refused(visitor.Submit(attackers, "/bureau/sign-in", {{"token", HttpWorld::kBureauAdmin}})));
  CHECK(visitor.Cookie(kSession) == "");

  admin.headers.clear();  // a program that keeps cookies
  CHECK(Led(admin.Post(kTarget, whole)) == "303 /bureau/registrants/sz-new?done=approve");
}

TEST_CASE("a form of an ended session is answered with the form that signs in") {
  HttpWorld world;
  BureauBrowser admin(&world);
  const HttpResponse answer =
      admin.Post("/bureau/registrants/sz-new", {{"decision", "approve"}, {"form_token", "x"}});
  CHECK(answer.status == 401);
  CHECK(Shows(answer, "SESSION_ENDED"));
  CHECK(Shows(answer, "type=\"password\""));
  CHECK(StateOf(world, "sz-new") == v1::Registrant::PENDING);
}

TEST_CASE("paths and methods that the console has not are told") {
  HttpWorld world;
  BureauBrowser admin(&world);
  admin.SignIn(HttpWorld::kBureauAdmin);
  for (const char* path : {"/bureau/none", "/bureau/review/more", "/bureau/registrants/a/b",
                           "/bureau/../bureau/none", "/bureau/registrants%2Fsz-new"}) {
    CAPTURE(path);
    CHECK(admin.Get(path).status == 404);
  }
  CHECK(admin.Get("/bureau/").status == 200);
  CHECK(admin.Get("/bureau/registrants/%ff").status == 400);
  CHECK(admin.Post("/bureau/review", {}).Header("Allow") == "GET, HEAD");
  const HttpResponse put = world.Ask("PUT", "/bureau/codes");
  CHECK(put.status == 405);
  CHECK(put.Header("Allow") == "GET, HEAD, POST");
  CHECK(world.Ask("DELETE", "/bureau/sign-in").Header("Allow") == "POST");
  CHECK(world.Get("/bureau").Header("Access-Control-Allow-Origin") == "");
}

}  // namespace
}  // namespace gusu::server
