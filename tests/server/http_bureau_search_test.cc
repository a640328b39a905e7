// What the bureau finds in its console: enterprises, codes, days, charts. Each page is read by a
// strict reader of HTML.
#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/papers/calendar.h"
#include "proto/text.h"
#include "server/doors/http/target.h"
#include "tests/server/bureau_browser.h"
#include "tests/server/html_check.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

bool Shows(const HttpResponse& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}

struct Desk : HttpWorld {
  BureauBrowser browser{this};
  Desk() { REQUIRE(browser.SignIn(kBureauAuditor).status == 303); }
  HttpResponse Get(std::string_view target, int status = 200) {
    HttpResponse page = browser.Get(target);
    CAPTURE(target, page.body);
    CHECK(page.status == status);
    CHECK(test::ReadHtml(page.body).faults == std::vector<std::string>());
    return page;
  }
  // The last leaf of the log.
  Change Last() {
    const auto view = View();
    return *view->ReadChange(view->leaf_count() - 1);
  }
};

TEST_CASE("a registrant is found by a part of its name, by its id, and by its state") {
  Desk desk;
  CHECK(Shows(desk.Get("/bureau/registrants?q=PUMPS"), "Company sz-pumps"));
  CHECK_FALSE(Shows(desk.Get("/bureau/registrants?q=PUMPS"), "Company sz-valves"));
  CHECK(
      Shows(desk.Get("/bureau/registrants?q=SZ-VALVES"), "href=\"/bureau/registrants/sz-valves\""));
  CHECK(Shows(desk.Get("/bureau/registrants?q=+sz-valves%0A&district=+"), "Company sz-valves"));
  const HttpResponse pending = desk.Get("/bureau/registrants?state=PENDING&lang=en");
  CHECK(Shows(pending, "Company sz-new"));
  CHECK_FALSE(Shows(pending, "Company sz-pumps"));
  CHECK(Shows(pending, "<option value=\"PENDING\" selected>"));
  CHECK(Shows(desk.Get("/bureau/registrants?q=nobody&lang=en"), "None on this page."));
  CHECK(Shows(desk.Get("/bureau/registrants?state=HAPPY", 400), "FIELD_INVALID"));
  CHECK(Shows(desk.Get("/bureau/registrants?district=x", 400), "FIELD_INVALID"));
  CHECK(Shows(desk.Get("/bureau/registrants?page_token=x", 400), "PAGE_TOKEN_INVALID"));
  CHECK(Shows(desk.Get("/bureau/registrants/none", 404), "REGISTRANT_NOT_FOUND"));
  CHECK(Shows(desk.Get("/bureau/registrants/sz-pumps"), "<bdi>88.118.8</bdi>"));
}

TEST_CASE("registrants come page by page, with what was typed") {
  Desk desk;
  for (int i = 0; i < 51; ++i) {
    desk.Write(&Registrar::ApplyRegistrant, "",
               RegistrarWorld::ApplicationOf(Concat("many-", 100 + i)).ShortDebugString());
  }
  const HttpResponse first = desk.Get("/bureau/registrants?q=company+many");
  const size_t at = first.body.find("/bureau/registrants?q=company%20many&amp;state=&amp;");
  REQUIRE(at != std::string::npos);
  std::string next = first.body.substr(at, first.body.find('"', at) - at);
  for (size_t i = next.find("&amp;"); i != std::string::npos; i = next.find("&amp;")) {
    next.replace(i, 5, "&");
  }
  const HttpResponse second = desk.Get(next);
  CHECK(Shows(first, "Company many-149"));
  CHECK_FALSE(Shows(first, "Company many-150"));
  CHECK(Shows(second, "Company many-150"));
  CHECK_FALSE(Shows(second, "Company many-149"));
}

TEST_CASE("a code shows what is public; all of it is read for a reason, which the log keeps") {
  Desk desk;
  const uint64_t leaves = desk.View()->leaf_count();
  const HttpResponse page = desk.Get("/bureau/codes?code=88.118.8%2Fhp-1&lang=en");
  CHECK(Shows(page, "<bdi>离心泵 HP-1</bdi>"));
  CHECK(Shows(page, "Values that are not public: 2 (partner, owner)."));
  CHECK_FALSE(Shows(page, "<bdi>700</bdi>"));
  CHECK(Shows(page, "href=\"/bureau/registrants/sz-pumps?lang=en\""));
  CHECK(Shows(page, "href=\"/bureau/evidence?lang=en&amp;code=88.118.8%2FHP-1\""));
  CHECK(desk.View()->leaf_count() == leaves);
}

TEST_CASE("a digest is told from a value") {
  Desk desk;
  const std::string octets(32, 'A');  // which are text, too
  desk.Write(&Registry::Register, HttpWorld::kPumpsWriter,
             Concat(R"(row { identifier: "88.118.8/SEALED" values {
                 index: 1 type: "SEAL" is_digest: true data: ")",
                    octets, R"(" } })"));
  const HttpResponse page = desk.Get("/bureau/codes?code=88.118.8/SEALED&lang=en");
  CHECK(Shows(page, Concat("Only a digest is registered: SHA-256 ", HexEncode(octets))));
  CHECK_FALSE(Shows(page, octets));
  CHECK(Shows(desk.Get("/bureau/codes?code=88.118.8/SEALED"), "仅登记摘要：SHA-256 4141"));
}

TEST_CASE("a reading with a reason is one leaf that names reader and reason") {
  Desk desk;
  const uint64_t leaves = desk.View()->leaf_count();
  const HttpResponse page = desk.Get("/bureau/codes?code=88.118.8%2FHP-1");
  const std::string token = HiddenField(page, "/bureau/sign-out", "form_token");
  const HttpResponse whole = desk.browser.Post(
      "/bureau/codes",
      {{"code", "88.118.8/HP-1"}, {"reason", "complaint 17"}, {"form_token", token}});
  CHECK(whole.status == 200);
  CHECK(test::ReadHtml(whole.body).faults == std::vector<std::string>());
  CHECK(Shows(whole, "<bdi>700</bdi>"));
  CHECK(Shows(whole, "<bdi>1000</bdi>"));
  REQUIRE(desk.View()->leaf_count() == leaves + 1);
  const Change change = desk.Last();
  CHECK(OperationName(change.operation) == "READ");
  CHECK(change.resource == "prefixes/88.118.8/records/HP-1");
  CHECK(change.reason == "complaint 17");
  CHECK(change.actor == "bureau");
  CHECK(change.credential == desk.Who(HttpWorld::kBureauAuditor).credential);

  const HttpResponse missing =
      desk.browser.Post("/bureau/codes", {{"code", "88.118.8/HP-1"}, {"form_token", token}});
  CHECK(missing.status == 400);
  CHECK(Shows(missing, "REASON_MISSING"));
  CHECK(desk.View()->leaf_count() == leaves + 1);
}

TEST_CASE("a code that is none says which of the ways it is none") {
  Desk desk;
  CHECK(Shows(desk.Get("/bureau/codes?code=88.118.8%2FNEVER", 404), "IDENTIFIER_NOT_FOUND"));
  CHECK(Shows(desk.Get("/bureau/codes?code=88.118.77%2FX", 404), "PREFIX_NOT_FOUND"));
  CHECK(Shows(desk.Get("/bureau/codes?code=nothing", 400), "IDENTIFIER_MALFORMED"));
  CHECK(Shows(desk.Get("/bureau/codes?code=88.118.8%2FOLD&lang=en"),
              "href=\"/bureau/codes?lang=en&amp;code=88.118.8%2FHP-1\""));
  CHECK(Shows(desk.Get("/bureau/codes?code=88.118.8%2FASLEEP"), "being looked at"));
  CHECK(Shows(desk.Get("/bureau/codes"), "name=\"code\""));
  // As it was pasted: full-width, with a space, from an address.
  for (const char* pasted : {"８８．１１８．８／ＨＰ－１", " 88.118.8/HP-1", "hdl:88.118.8/HP-1"}) {
    CHECK(Shows(desk.Get(Concat("/bureau/codes?code=", PercentEncode(pasted))), "离心泵 HP-1"));
  }
}

TEST_CASE("a day shows what happened by prefix, and the records below one") {
  Desk desk;
  // Of the records' registration: a test may run over midnight.
  const std::string day =
      papers::Calendar::OfZone("Asia/Shanghai")->DayOf(desk.View()->ReadChange(1)->revision);
  CHECK(desk.Get("/bureau/days").status == 200);
  const HttpResponse today = desk.Get(Concat("/bureau/days?lang=en&date=", day));
  CHECK(Shows(today, "<bdi>88.118.8</bdi>"));
  CHECK_FALSE(Shows(today, "<bdi>88.118.8/HP-1</bdi>"));
  const HttpResponse below = desk.Get(Concat("/bureau/days?prefix=88.118.8&lang=en&date=", day));
  CHECK(Shows(below, "<bdi>88.118.8/HP-1</bdi>"));
  CHECK(Shows(below, "<bdi>批次 &lt;01&gt; &amp; &quot;x&quot;</bdi>"));
  CHECK(Shows(desk.Get(Concat("/bureau/days?prefix=+88.118.8+&date=", day)), "88.118.8/HP-1<"));
  const HttpResponse before = desk.Get("/bureau/days?date=2020-02-29&prefix=88.118.8&lang=en");
  CHECK(Shows(before, "Nothing happened on this day."));
  CHECK_FALSE(Shows(before, "HP-1"));
  for (const char* date : {"2021-02-29", "today", "2026-1-1", "1969-12-31", "2026-01-01x"}) {
    CAPTURE(date);
    CHECK(Shows(desk.Get(Concat("/bureau/days?date=", date), 400), "FIELD_INVALID"));
  }
  CHECK(Shows(desk.Get("/bureau/days?prefix=88.118.77", 404), "PREFIX_NOT_FOUND"));
}

TEST_CASE("charts add up registrations and resolutions, drawn and as tables") {
  Desk desk;
  for (int i = 0; i < 3; ++i) {
    desk.Read(&Resolver::Resolve, "", "identifier: '88.118.8/HP-1'");
  }
  REQUIRE(desk.usage().Write().ok());
  const HttpResponse page = desk.Get("/bureau/charts?lang=en");
  CHECK(Shows(page, "Registrations by day"));
  CHECK(Shows(page, "<title>Company sz-pumps: 4</title>"));
  CHECK(Shows(page, "<title>Company sz-pumps: 3</title>"));
  CHECK(Shows(page, "<dt>Codes resolved</dt><dd><bdi>3</bdi></dd>"));
  CHECK(Shows(page, "role=\"img\" aria-label=\"Registrations: top ten districts"));
  CHECK(Shows(page, "<bdi>320594</bdi></td><td class=\"number\"><bdi>4</bdi>"));
  CHECK_FALSE(Shows(page, "style="));
  const HttpResponse one = desk.Get("/bureau/charts?lang=en&parent=registrants%2Fsz-valves");
  CHECK(Shows(one, "None in this period."));
  CHECK(Shows(desk.Get("/bureau/charts?from=2026-01-02&to=2026-01-01", 400), "FIELD_INVALID"));
  CHECK(Shows(desk.Get("/bureau/charts?from=2001-01-01&to=2026-01-01", 400), "FIELD_INVALID"));
  CHECK(Shows(desk.Get("/bureau/charts?from=soon", 400), "FIELD_INVALID"));
  CHECK(Shows(desk.Get("/bureau/charts?parent=nobody", 400), "FIELD_INVALID"));
}

TEST_CASE("no page shows what somebody wrote as anything but text") {
  Desk desk;
  const std::string script = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";
  const std::string quoted = R"(\"\'><script>alert(1)</script><img src=x onerror=alert(1)>)";
  auto application = RegistrarWorld::ApplicationOf("sz-evil");
  v1::Registrant& evil = *application.mutable_registrant();
  evil.set_legal_name(script);
  evil.set_english_name(script);
  evil.set_address(script);
  evil.mutable_contact()->set_person(script);
  evil.mutable_contact()->set_phone(script);
  desk.Write(&Registrar::ApplyRegistrant, "", application.ShortDebugString());
  desk.Write(
      &Registry::Register, HttpWorld::kPumpsWriter,
      Concat("row { identifier: '88.118.8/EVIL' values { index: 1 type: 'NAME' data: '", quoted,
             "' } values { index: 2 type: 'DESC' language: 'zh' data: '", quoted, "' } }"));
  desk.Write(&Registry::SuspendRecord, HttpWorld::kPumpsWriter,
             Concat("name: 'prefixes/88.118.8/records/EVIL' reason: '", quoted, "'"));
  const std::string typed = PercentEncode(script);
  for (const std::string& target :
       {std::string("/bureau/review"), std::string("/bureau/registrants/sz-evil"),
        std::string("/bureau/registrants?q=%3Cscript"), "/bureau/registrants?q=" + typed,
        "/bureau/registrants?page_token=" + typed, "/bureau/registrants?industry=" + typed,
        "/bureau/registrants/" + typed, std::string("/bureau/codes?code=88.118.8%2FEVIL"),
        "/bureau/codes?code=" + typed, "/bureau/days?date=" + typed,
        std::string("/bureau/days?prefix=88.118.8"), "/bureau/days?prefix=" + typed,
        "/bureau/charts?parent=" + typed, "/bureau/charts?from=" + typed,
        "/bureau/report?to=" + typed, "/bureau/evidence?code=" + typed,
        "/bureau/review?lang=" + typed, "/bureau/" + typed}) {
    CAPTURE(target);
    const HttpResponse page = desk.browser.Get(target);
    CHECK_FALSE(Shows(page, "<script"));
    CHECK_FALSE(Shows(page, "<img"));
    CHECK(test::ReadHtml(page.body).faults == std::vector<std::string>());
  }
  CHECK(Shows(desk.browser.Get("/bureau/review"), "&lt;script&gt;alert(1)"));
}

TEST_CASE("every page is in the language that was asked for, and so are its links") {
  Desk desk;
  for (const char* path :
       {"/bureau/review", "/bureau/registrants", "/bureau/registrants/sz-pumps",
        "/bureau/codes?code=88.118.8%2FHP-1", "/bureau/days", "/bureau/charts", "/bureau/report"}) {
    CAPTURE(path);
    const std::string separator = std::string_view(path).find('?') == std::string::npos ? "?" : "&";
    const HttpResponse english = desk.Get(Concat(path, separator, "lang=en"));
    const HttpResponse chinese = desk.Get(Concat(path, separator, "lang=zh"));
    CHECK(Shows(english, "<html lang=\"en\">"));
    CHECK(Shows(english, ">Sign out<"));
    CHECK(Shows(english, "href=\"/bureau/charts?lang=en\""));
    CHECK(Shows(chinese, "<html lang=\"zh-CN\">"));
    CHECK(Shows(chinese, ">退出<"));
    CHECK(Shows(chinese, "href=\"/bureau/charts?lang=zh\""));
  }
}

}  // namespace
}  // namespace gusu::server
