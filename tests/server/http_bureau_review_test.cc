// What the bureau decides in its console, and by whom.
#include "gusu/v1/registrar.pb.h"
#include "proto/text.h"
#include "server/registrar.h"
#include "tests/server/bureau_browser.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

bool Shows(const HttpResponse& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}

struct Desk : HttpWorld {
  BureauBrowser admin{this}, auditor{this};
  Desk() {
    REQUIRE(admin.SignIn(kBureauAdmin).status == 303);
    REQUIRE(auditor.SignIn(kBureauAuditor).status == 303);
  }
  void Apply(const std::string& id) {
    Write(&Registrar::ApplyRegistrant, "", RegistrarWorld::ApplicationOf(id).ShortDebugString());
  }
  v1::Registrant Read(const std::string& id) {
    return HttpWorld::Read(&Registrar::GetRegistrant, kBureauAdmin,
                           Concat("name: 'registrants/", id, "'"));
  }
  // sz-pumps applies for another name.
  void Amend(const std::string& name) {
    v1::UpdateRegistrantRequest request;
    request.set_name("registrants/sz-pumps");
    *request.mutable_registrant() = Read("sz-pumps");
    request.mutable_registrant()->set_legal_name(name);
    request.set_reason("a new name");
    Write(&Registrar::UpdateRegistrant, kPumpsAdmin, request.ShortDebugString());
  }
  HttpResponse Decide(BureauBrowser& browser, const std::string& id, const std::string& decision,
                      const std::string& reason, const HttpResponse& page) {
    const std::string target = "/bureau/registrants/" + id;
    return browser.Submit(
        page, target,
        {{"decision", decision}, {"reason", reason}, {"etag", HiddenField(page, target, "etag")}});
  }
};

TEST_CASE("the queue has applications and changes of data, the oldest first") {
  Desk desk;
  desk.Apply("sz-later");
  desk.Amend("Pumps & Sons");
  const HttpResponse queue = desk.admin.Get("/bureau/review?lang=en");
  const size_t first = queue.body.find("Company sz-new");
  const size_t second = queue.body.find("Company sz-later");
  const size_t third = queue.body.find("Company sz-pumps");
  REQUIRE(third != std::string::npos);
  CHECK(first < second);
  CHECK(second < third);
  CHECK(Shows(queue, "3 in all, the oldest first."));
  CHECK(Shows(queue, "href=\"/bureau/registrants/sz-later?lang=en\""));
  CHECK(Shows(queue, "Change of data"));
  CHECK_FALSE(Shows(queue, "Company sz-valves"));
}

TEST_CASE("an application is approved, returned and rejected with the reason that was typed") {
  Desk desk;
  desk.Apply("sz-a");
  desk.Apply("sz-b");
  const HttpResponse page = desk.admin.Get("/bureau/registrants/sz-new?lang=en");
  CHECK(Shows(page, "Person sz-new"));
  CHECK(Shows(page, ">Approve<"));
  const HttpResponse approved = desk.Decide(desk.admin, "sz-new", "approve", "papers seen", page);
  CHECK(approved.status == 303);
  CHECK(approved.Header("Location") == "/bureau/registrants/sz-new?done=approve");
  CHECK(desk.Read("sz-new").state() == v1::Registrant::ACTIVE);
  const HttpResponse after = desk.admin.Get("/bureau/registrants/sz-new?done=approve&lang=en");
  CHECK(Shows(after, "Approved."));
  CHECK_FALSE(Shows(after, ">Approve<"));

  const HttpResponse second = desk.admin.Get("/bureau/registrants/sz-a");
  CHECK(desk.Decide(desk.admin, "sz-a", "return", "the address is missing", second).status == 303);
  CHECK(desk.Read("sz-a").state() == v1::Registrant::RETURNED);
  CHECK(desk.Read("sz-a").state_reason() == "the address is missing");
  const HttpResponse third = desk.admin.Get("/bureau/registrants/sz-b");
  CHECK(desk.Decide(desk.admin, "sz-b", "reject", "no such company", third).status == 303);
  CHECK(desk.Read("sz-b").state() == v1::Registrant::REJECTED);
  CHECK(desk.Read("sz-b").state_reason() == "no such company");
}

TEST_CASE("a decision without what it needs does nothing and says why") {
  Desk desk;
  const HttpResponse page = desk.admin.Get("/bureau/registrants/sz-new");
  const HttpResponse no_reason = desk.Decide(desk.admin, "sz-new", "return", "", page);
  CHECK(no_reason.status == 400);
  CHECK(Shows(no_reason, "REASON_MISSING"));
  const HttpResponse too_long =
      desk.Decide(desk.admin, "sz-new", "reject", std::string(501, 'x'), page);
  CHECK(too_long.status == 400);
  CHECK(Shows(too_long, "FIELD_INVALID"));
  const HttpResponse unknown = desk.Decide(desk.admin, "sz-new", "<b>burn</b>", "x", page);
  CHECK(unknown.status == 400);
  CHECK(Shows(unknown, "FIELD_INVALID"));
  CHECK_FALSE(Shows(unknown, "<b>burn"));
  const HttpResponse nobody =
      desk.admin.Post("/bureau/registrants/none",
                      {{"decision", "approve"},
                       {"form_token", HiddenField(page, "/bureau/sign-out", "form_token")}});
  CHECK(nobody.status == 404);
  CHECK(Shows(nobody, "REGISTRANT_NOT_FOUND"));
  CHECK(desk.Read("sz-new").state() == v1::Registrant::PENDING);
}

TEST_CASE("what has changed since the page was opened is not decided") {
  Desk desk;
  const HttpResponse page = desk.admin.Get("/bureau/registrants/sz-new");
  v1::UpdateRegistrantRequest correction;
  correction.set_name("registrants/sz-new");
  *correction.mutable_registrant() = desk.Read("sz-new");
  correction.mutable_registrant()->set_legal_name("Another Company");
  desk.Write(&Registrar::UpdateRegistrant, RegistrarWorld::ClaimOf("sz-new"),
             correction.ShortDebugString());
  const HttpResponse stale = desk.Decide(desk.admin, "sz-new", "approve", "", page);
  CHECK(stale.status == 409);
  CHECK(Shows(stale, "ETAG_MISMATCH"));
  CHECK(desk.Read("sz-new").state() == v1::Registrant::PENDING);
  const HttpResponse fresh = desk.admin.Get("/bureau/registrants/sz-new");
  CHECK(desk.Decide(desk.admin, "sz-new", "approve", "", fresh).status == 303);
  // The form sent twice, as by a double click: the first answer again.
  CHECK(desk.Decide(desk.admin, "sz-new", "approve", "", fresh).status == 303);
  CHECK(
      Shows(desk.Decide(desk.admin, "sz-new", "reject", "late", fresh), "REGISTRANT_NOT_PENDING"));
  CHECK(desk.Read("sz-new").state() == v1::Registrant::ACTIVE);
}

TEST_CASE("a change of data is shown beside what is approved, and decided") {
  Desk desk;
  desk.Amend("Pumps & Sons");
  const HttpResponse page = desk.admin.Get("/bureau/registrants/sz-pumps?lang=en");
  CHECK(Shows(page, "<bdi>Company sz-pumps</bdi>"));
  CHECK(Shows(page, "<bdi>Pumps &amp; Sons</bdi>"));
  CHECK(Shows(page, "a new name"));
  CHECK(desk.Decide(desk.admin, "sz-pumps", "approve", "", page).status == 303);
  CHECK(desk.Read("sz-pumps").legal_name() == "Pumps & Sons");
  CHECK_FALSE(desk.Read("sz-pumps").has_amendment());
}

TEST_CASE("an auditor sees all of it and decides nothing") {
  Desk desk;
  CHECK(Shows(desk.auditor.Get("/bureau/review"), "Company sz-new"));
  const HttpResponse page = desk.auditor.Get("/bureau/registrants/sz-new?lang=en");
  CHECK(Shows(page, "Person sz-new"));
  CHECK_FALSE(Shows(page, "name=\"decision\""));
  const std::string token = HiddenField(page, "/bureau/sign-out", "form_token");
  for (const char* decision : {"approve", "return", "reject"}) {
    const HttpResponse answer =
        desk.auditor.Post("/bureau/registrants/sz-new",
                          {{"decision", decision}, {"reason", "x"}, {"form_token", token}});
    CHECK(answer.status == 403);
    CHECK(Shows(answer, "ROLE_REFUSED"));
  }
  CHECK(desk.Read("sz-new").state() == v1::Registrant::PENDING);
}

TEST_CASE("a long queue comes page by page") {
  Desk desk;
  for (int i = 0; i < 60; ++i) desk.Apply(Concat("sz-q", 100 + i));
  const HttpResponse first = desk.admin.Get("/bureau/review?lang=en");
  CHECK(Shows(first, "61 in all"));
  CHECK(Shows(first, "Company sz-q148"));
  CHECK_FALSE(Shows(first, "Company sz-q149"));
  CHECK(Shows(first, "href=\"/bureau/review?lang=en&amp;page_token=50\""));
  const HttpResponse second = desk.admin.Get("/bureau/review?page_token=50&lang=en");
  CHECK(Shows(second, "Company sz-q149"));
  CHECK(Shows(second, "Company sz-q159"));
  CHECK_FALSE(Shows(second, "rel=\"next\""));
  CHECK(Shows(desk.admin.Get("/bureau/review?page_token=9999&lang=en"), "Nothing is waiting."));
}

}  // namespace
}  // namespace gusu::server
