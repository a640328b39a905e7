// Who is signed in, and forms of other sites.
#include <catch2/catch.hpp>
#include <set>

#include "proto/error.h"
#include "server/doors/http/bureau/form_guard.h"
#include "server/doors/http/bureau/sessions.h"
#include "server/doors/http/bureau/sign_in.h"

namespace gusu::server {
namespace {

struct Clocked {
  absl::Time now = absl::FromUnixSeconds(1'767'225'600);
  BureauSessions sessions;
  explicit Clocked(size_t sessions_max = 3) : sessions(Options(sessions_max)) {}
  BureauSessions::Options Options(size_t sessions_max) {
    BureauSessions::Options options;
    options.sessions_max = sessions_max;
    options.clock = [this] { return now; };
    return options;
  }
  bool IsOpen(const std::string& id) { return sessions.Find(id, false).has_value(); }
};

TEST_CASE("a session ends when it was not used for 15 minutes") {
  Clocked clocked;
  const std::string id = clocked.sessions.Open({"token", false});
  CHECK(id.size() == 43);
  for (int i = 0; i < 4; ++i) {
    clocked.now += absl::Minutes(14);
    const auto session = clocked.sessions.Find(id, false);
    REQUIRE(session.has_value());
    CHECK(session->bearer == "token");
  }
  clocked.now += absl::Minutes(15);
  CHECK_FALSE(clocked.IsOpen(id));
  CHECK(clocked.sessions.size() == 0);
}

TEST_CASE("a session ends after eight hours however much it is used") {
  Clocked clocked;
  const std::string id = clocked.sessions.Open({"token", false});
  for (int i = 0; i < 47; ++i) {
    clocked.now += absl::Minutes(10);
    REQUIRE(clocked.IsOpen(id));
  }
  clocked.now += absl::Minutes(10);
  CHECK_FALSE(clocked.IsOpen(id));
}

TEST_CASE(
    "a session begun over TLS counts over TLS only, and one begun without does not over TLS") {
  Clocked clocked;
  const std::string secure = clocked.sessions.Open({"token", true});
  const std::string plain = clocked.sessions.Open({"token", false});
  CHECK(clocked.sessions.Find(secure, true).has_value());
  CHECK_FALSE(clocked.sessions.Find(secure, false).has_value());
  CHECK_FALSE(clocked.sessions.Find(plain, true).has_value());
}

TEST_CASE("beyond their bound the session that was used longest ago ends, ended ones first") {
  Clocked clocked;
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(clocked.sessions.Open({"token", false}));
    clocked.now += absl::Minutes(1);
  }
  REQUIRE(clocked.IsOpen(ids[0]));  // the second is the one used longest ago now
  clocked.now += absl::Minutes(1);
  ids.push_back(clocked.sessions.Open({"token", false}));
  CHECK(clocked.sessions.size() == 3);
  CHECK(clocked.IsOpen(ids[0]));
  CHECK_FALSE(clocked.IsOpen(ids[1]));
  CHECK(clocked.IsOpen(ids[2]));
  CHECK(clocked.IsOpen(ids[3]));
  clocked.now += absl::Hours(1);
  ids.push_back(clocked.sessions.Open({"token", false}));
  CHECK(clocked.sessions.size() == 1);
}

TEST_CASE("ids of sessions are never the same, and only their own id finds one") {
  Clocked clocked(1000);
  std::set<std::string> ids;
  for (int i = 0; i < 500; ++i) ids.insert(clocked.sessions.Open({"token", false}));
  CHECK(ids.size() == 500);
  CHECK_FALSE(clocked.IsOpen(""));
  CHECK_FALSE(clocked.IsOpen(ids.begin()->substr(1)));
  clocked.sessions.Close(*ids.begin());
  CHECK_FALSE(clocked.IsOpen(*ids.begin()));
  CHECK(clocked.sessions.size() == 499);
}

HttpRequest Form(std::vector<HttpHeader> headers, bool tls = false) {
  HttpRequest request;
  request.headers = std::move(headers);
  request.headers.push_back({"Host", "id.example:7480"});
  request.tls = tls;
  return request;
}

std::string SiteOf(const HttpRequest& request) {
  return ErrorReason(FormGuard::CheckSite(request));
}

TEST_CASE("what the browser says of where a form comes from is believed") {
  CHECK(SiteOf(Form({})) == "");  // a program
  CHECK(SiteOf(Form({{"Sec-Fetch-Site", "same-origin"}})) == "");
  CHECK(SiteOf(Form({{"Origin", "http://id.example:7480"}})) == "");
  CHECK(SiteOf(Form({{"Origin", "https://id.example:7480"}}, true)) == "");
  for (const char* site : {"cross-site", "same-site", "none", "SAME-ORIGIN", "x"}) {
    CAPTURE(site);
    CHECK(SiteOf(Form({{"Sec-Fetch-Site", site}})) == "FORM_REFUSED");
    CHECK(SiteOf(Form({{"Sec-Fetch-Site", site}, {"Origin", "http://id.example:7480"}})) ==
          "FORM_REFUSED");
  }
  for (const char* origin : {"null", "http://id.example", "https://id.example:7480",
                             "http://evil.example", "http://id.example:7480.evil.example"}) {
    CAPTURE(origin);
    CHECK(SiteOf(Form({{"Origin", origin}})) == "FORM_REFUSED");
    // Behind a proxy that ends TLS, say; no page can set this header.
    CHECK(SiteOf(Form({{"Sec-Fetch-Site", "same-origin"}, {"Origin", origin}})) == "");
  }
}

TEST_CASE("a form's token is of one secret and of one start of the server") {
  const FormGuard guard, other;
  const std::string token = guard.TokenFor("session");
  CHECK(token.size() == 43);
  CHECK(guard.Check(Form({}), "session", token).ok());
  for (const auto& wrong : {std::string(), token.substr(1), guard.TokenFor("other session"),
                            other.TokenFor("session"), token + "A"}) {
    CHECK(ErrorReason(guard.Check(Form({}), "session", wrong)) == "FORM_REFUSED");
  }
  CHECK(ErrorReason(guard.Check(Form({{"Origin", "null"}}), "session", token)) == "FORM_REFUSED");
}

TEST_CASE("a cookie is found among others, and none where there are two") {
  CHECK(CookieOf(Form({{"Cookie", "a=1; gusu=x; b=2"}}), "gusu") == "x");
  CHECK(CookieOf(Form({{"cookie", "a=1;gusu=x=y"}}), "gusu") == "x=y");
  CHECK(CookieOf(Form({{"Cookie", "a=1"}, {"Cookie", "gusu=x"}}), "gusu") == "x");
  CHECK_FALSE(CookieOf(Form({{"Cookie", "gusu=x; gusu=x"}}), "gusu").has_value());
  CHECK_FALSE(CookieOf(Form({{"Cookie", "gusu=x"}, {"Cookie", "gusu=y"}}), "gusu").has_value());
  CHECK_FALSE(CookieOf(Form({{"Cookie", "gusu; ; =; xgusu=1; gusux=2"}}), "gusu").has_value());
  CHECK_FALSE(CookieOf(Form({}), "gusu").has_value());
}

TEST_CASE("a form is read from its own content type only, and not beyond its bound") {
  HttpRequest request =
      Form({{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"}});
  request.body = "a=1+%2B&%E6%B3%B5=";
  const auto form = ReadForm(request);
  REQUIRE(form.ok());
  CHECK(*form == FormPairs{{"a", "1 +"}, {"泵", ""}});
  request.body = std::string(64 * 1024 + 1, 'a');
  CHECK(ErrorReason(ReadForm(request).status()) == "FORM_MALFORMED");
  request.body = "a=%";
  CHECK(ErrorReason(ReadForm(request).status()) == "TARGET_MALFORMED");
  for (const char* type : {"", "text/plain", "multipart/form-data", "application/json"}) {
    request.headers[0].value = type;
    request.body = "a=1";
    CHECK(ErrorReason(ReadForm(request).status()) == "FORM_MALFORMED");
  }
}

}  // namespace
}  // namespace gusu::server
