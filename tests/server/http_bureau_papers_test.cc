// The bureau's report and evidence, to download from its console.
#include <zlib.h>

#include <future>
#include <map>

#include "gusu/v1/audit.pb.h"
#include "proto/hash.h"
#include "proto/note_key.h"
#include "proto/opening.h"
#include "proto/papers/archive.h"
#include "proto/papers/report_tally.h"
#include "proto/text.h"
#include "proto/tlog_proof.h"
#include "server/audit/code_evidence.h"
#include "server/audit/period_report.h"
#include "server/doors/http/bureau/figures.h"
#include "server/doors/http/bureau/heavy.h"
#include "server/work_pool.h"
#include "tests/server/bureau_browser.h"
#include "tests/server/html_check.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

bool Shows(const HttpResponse& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}

uint64_t Little(std::string_view bytes, size_t at, size_t count) {
  uint64_t number = 0;
  for (size_t i = count; i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  }
  return number;
}

// The files of an archive that stores them as they are, by what its directory says.
std::map<std::string, std::string> Unpacked(const std::string& archive) {
  std::map<std::string, std::string> files;
  const size_t end = archive.size() - 22;
  REQUIRE(archive.substr(end, 4) == "PK\x05\x06");
  const uint64_t count = Little(archive, end + 10, 2);
  size_t at = Little(archive, end + 16, 4);
  for (uint64_t i = 0; i < count; ++i) {
    REQUIRE(archive.substr(at, 4) == "PK\x01\x02");
    const uint64_t crc = Little(archive, at + 16, 4), size = Little(archive, at + 24, 4);
    const uint64_t name_size = Little(archive, at + 28, 2), local = Little(archive, at + 42, 4);
    const std::string name = archive.substr(at + 46, name_size);
    REQUIRE(archive.substr(local, 4) == "PK\x03\x04");
    files[name] = archive.substr(local + 30 + name_size, size);
    const std::string& content = files[name];
    CHECK(crc32(0, reinterpret_cast<const Bytef*>(content.data()),
                static_cast<uInt>(content.size())) == crc);
    at += 46 + name_size;
  }
  CHECK(at == end);
  return files;
}

struct Desk : HttpWorld {
  BureauBrowser browser{this};
  Desk() {
    REQUIRE(browser.SignIn(kBureauAuditor).status == 303);
    checkpoints().Stop();  // publishes what is not yet
  }
};

TEST_CASE("evidence is an archive whose files are listed, and whose proofs hold") {
  Desk desk;
  const HttpResponse answer = desk.browser.Get("/bureau/evidence?code=88.118.8%2Fold");
  REQUIRE(answer.status == 200);
  CHECK(answer.Header("Content-Type") == "application/zip");
  CHECK(answer.Header("Content-Disposition") ==
        "attachment; filename=\"evidence-88.118.8_OLD.zip\"");
  const auto files = Unpacked(answer.body);
  std::vector<std::string> names;
  std::string manifest;
  for (const auto& [name, content] : files) names.push_back(name);
  CHECK(names == std::vector<std::string>{"VERIFY.md", "answer-proof.json", "checkpoint",
                                          "evidence.html", "manifest.sha256", "revisions/1.json",
                                          "revisions/1.tlog-proof", "revisions/2.json",
                                          "revisions/2.tlog-proof", "vkey"});
  for (const auto& [name, content] : files) {
    if (name == "manifest.sha256") continue;
    CHECK(files.at("manifest.sha256")
              .find(HexEncode(AsBytes(Sha256(content))) + "  " + name + "\n") != std::string::npos);
  }
  const std::vector<VerifierKey> keys = desk.checkpoints().verifiers();
  CHECK(files.at("vkey") == keys[0].Text() + "\n");
  CHECK(files.at("checkpoint") == desk.checkpoints().Published()->note);
  for (const char* name : {"revisions/1.tlog-proof", "revisions/2.tlog-proof"}) {
    const auto proof = ParseTlogProof(files.at(name));
    REQUIRE(proof.ok());
    CHECK(proof->checkpoint == files.at("checkpoint"));
    CHECK(VerifyTlogProof(*proof, LeafHash(proof->extra), keys).ok());
  }
  CHECK(files.at("evidence.html").find("old pump") != std::string::npos);
  CHECK(files.at("evidence.html").find("SUPERSEDED: made no more") != std::string::npos);
}

TEST_CASE("the same evidence is the same archive but for when the server stated it") {
  Desk desk;
  const auto first = Unpacked(desk.browser.Get("/bureau/evidence?code=88.118.8%2FHP-1").body);
  const auto second = Unpacked(desk.browser.Get("/bureau/evidence?code=88.118.8%2FHP-1").body);
  for (const char* name : {"revisions/1.json", "checkpoint", "vkey", "VERIFY.md"}) {
    CHECK(first.at(name) == second.at(name));
  }
  // What is not public stays so: the bureau gave no reason.
  CHECK(first.at("evidence.html").find(">700<") == std::string::npos);
  CHECK(first.at("evidence.html").find("PARTNER, OWNER") != std::string::npos);
}

TEST_CASE("evidence of what is no code is a page that says so") {
  Desk desk;
  for (const auto& [code, status, reason] :
       {std::tuple("88.118.8%2FNEVER", 404, "IDENTIFIER_NOT_FOUND"),
        std::tuple("nothing", 400, "IDENTIFIER_MALFORMED"),
        std::tuple("", 400, "IDENTIFIER_MALFORMED")}) {
    const HttpResponse page = desk.browser.Get(Concat("/bureau/evidence?code=", code));
    CHECK(page.status == status);
    CHECK(Shows(page, reason));
    CHECK(page.Header("Content-Disposition") == "");
  }
}

// What the report must come to, counted entry by entry.
std::map<std::string, uint64_t> CountedAgain(Desk& desk) {
  const auto entries = desk.Read(&Audit::ListEntries, HttpWorld::kBureauAuditor, "page_size: 1000");
  REQUIRE(entries.next_page_token().empty());
  std::map<std::string, uint64_t> operations;
  for (const v1::LogEntry& entry : entries.entries()) {
    const auto change = DecodeOpening(entry.opening());
    REQUIRE(change.ok());
    ++operations[std::string(OperationName(change->operation))];
  }
  return operations;
}

TEST_CASE("the report counts what the log has, on the page and in its files") {
  Desk desk;
  const HttpResponse page = desk.browser.Get("/bureau/report?lang=en");
  CHECK(page.status == 200);
  CHECK(test::ReadHtml(page.body).faults == std::vector<std::string>());
  CHECK(Shows(page, Concat("size ", desk.View()->leaf_count())));
  CHECK(Shows(page,
              "<td class=\"text\"><bdi>Company sz-pumps</bdi></td>"
              "<td class=\"number\"><bdi>4</bdi></td>"
              "<td class=\"number\"><bdi>1</bdi></td>"
              "<td class=\"number\"><bdi>0</bdi></td>"
              "<td class=\"number\"><bdi>1</bdi></td>"));
  CHECK(Shows(page, "changes that are committed within it later are not counted"));

  const HttpResponse csv = desk.browser.Get("/bureau/report.csv");
  CHECK(csv.Header("Content-Type") == "text/csv; charset=utf-8");
  CHECK(csv.Header("Content-Disposition").starts_with("attachment; filename=\"report-20"));
  CHECK(Shows(csv, "total,,,registrations,4,"));
  CHECK(Shows(csv, "registrant,registrants/sz-pumps,Company sz-pumps,registrations,4,"));
  CHECK(Shows(csv, "district,320594,,registrations,4,"));
  for (const auto& [operation, count] : CountedAgain(desk)) {
    CHECK(Shows(csv, Concat("operation,", operation, ",,leaves,", count, ",")));
  }
  const HttpResponse html = desk.browser.Get("/bureau/report.html?lang=en");
  CHECK(html.Header("Content-Disposition").ends_with(".html\""));
  CHECK(Shows(html, "The registry itself counted the"));
  CHECK(Shows(html, "gusu audit report --vkey registry.vkey --from 20"));
}

TEST_CASE("a period without leaves, and days that are none") {
  Desk desk;
  const HttpResponse empty = desk.browser.Get("/bureau/report.csv?from=2020-01-01&to=2020-01-31");
  CHECK(empty.status == 200);
  CHECK(Shows(empty, "total,,,registrations,0,2019-12-31T16:00:00Z,2020-01-31T16:00:00Z,"));
  for (const char* query : {"from=2020-02-30", "to=x", "from=2020-02-02&to=2020-02-01",
                            "from=2000-01-01&to=2020-01-01"}) {
    CAPTURE(query);
    const HttpResponse page = desk.browser.Get(Concat("/bureau/report?", query));
    CHECK(page.status == 400);
    CHECK(Shows(page, "FIELD_INVALID"));
  }
}

TEST_CASE("a report, a chart and a pack have a bound on what they read, and name it") {
  Desk desk;
  const Caller caller = desk.Who(HttpWorld::kBureauAuditor);
  const auto shown = [](const absl::Status& status) {
    return Concat(RegistrarWorld::Show(status), ": ", StdView(status.message()));
  };
  papers::ReportTally tally;
  const auto calendar = papers::Calendar::OfZone("UTC");
  const uint64_t end_us = desk.View()->last_revision() + 1;
  const auto report =
      CountPeriod(desk.ledger(), *desk.rules().audit,
                  {.from_us = 0, .to_us = end_us, .leaves_max = 3}, *calendar, caller, &tally);
  CHECK(
      shown(report.status()) ==
      Concat("OUT_OF_RANGE REPORT_TOO_LARGE: the period has ", desk.View()->leaf_count(),
             " leaves, and at most 3 are counted here; take a shorter one, or gusu audit report"));
  CHECK(tally.operations().empty());
  const auto& rules = desk.rules();
  CHECK(shown(GatherEvidence(*rules.audit, *rules.resolver, "88.118.8/OLD", caller, 1).status()) ==
        "OUT_OF_RANGE REPORT_TOO_LARGE: 88.118.8/OLD has more than 1 revisions; gusu audit "
        "evidence packs them");
  CHECK(shown(SumFigures(rules, caller, {"", "", "", 0}).status()) ==
        "OUT_OF_RANGE REPORT_TOO_LARGE: the period has more than 0 rows of statistics; take a "
        "shorter one, or one registrant");
}

TEST_CASE("when too many reports wait, the next one is told so") {
  Desk desk;
  const HttpCore core(desk.rules());
  WorkPool heavy(1, 1);
  std::promise<void> go;
  std::promise<void> begun;
  REQUIRE(heavy.Submit([&] {
    begun.set_value();
    go.get_future().wait();
  }));
  begun.get_future().wait();
  std::promise<int> statuses[2];
  for (std::promise<int>& status : statuses) {
    HttpCall call;
    call.request = std::make_shared<const HttpRequest>(HttpWorld::Request("GET", "/bureau/report"));
    call.target = *ParseTarget("/bureau/report");
    call.reply = [&status](const HttpResponse& response) { status.set_value(response.status); };
    const auto request = std::make_shared<const BureauRequest>(
        BureauRequest{&core, call, desk.Who(HttpWorld::kBureauAuditor), Language::kEnglish, "",
                      FormPairs(), *papers::Calendar::OfZone("UTC")});
    RunHeavy(request, BureauSection::kReport, heavy,
             [](const BureauRequest& waited) { waited.call.reply(HttpResponse()); });
  }
  CHECK(statuses[1].get_future().get() == 429);
  go.set_value();
  CHECK(statuses[0].get_future().get() == 200);
}

TEST_CASE("a report is the bureau's alone") {
  Desk desk;
  papers::ReportTally tally;
  const auto calendar = papers::Calendar::OfZone("UTC");
  const auto refused = CountPeriod(desk.ledger(), *desk.rules().audit, {.from_us = 0, .to_us = 1},
                                   *calendar, desk.Who(HttpWorld::kPumpsAdmin), &tally);
  CHECK(RegistrarWorld::Show(refused.status()) == "PERMISSION_DENIED ROLE_REFUSED");
}

}  // namespace
}  // namespace gusu::server
