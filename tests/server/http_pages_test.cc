// What the public pages show: `/`, and the page behind every code.
#include <catch2/catch.hpp>
#include <string>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/code_facts.h"
#include "server/doors/http/target.h"
#include "server/registry_summary.h"
#include "tests/server/http_world.h"
#include "tests/server/page_reading.h"

namespace gusu::server {
namespace {

using Catch::Matchers::Contains;

constexpr const char* kLot = "/88.118.8/LOT%2FA%2B1%3A2";

std::string Search(HttpWorld& world, std::string_view text) {
  return RedirectOf(world.Get("/?q=" + server::PercentEncode(text)));
}

}  // namespace

TEST_CASE("the first page has a search box and says what the registry is, in both languages") {
  HttpWorld world;
  const HttpResponse chinese = world.Get("/");
  const test::HtmlRead read = ReadPage(chinese, 200);
  CHECK(chinese.Header("Content-Language") == "zh-CN");
  CHECK(chinese.Header("Vary") == "Accept-Language, Accept-Encoding");
  CHECK_THAT(read.text, Contains("查询标识编码"));
  CHECK_THAT(read.text, Contains("节点前缀\n\n88.118\n"));
  CHECK_THAT(read.text, Contains("登记单位\n\n2\n"));
  CHECK_THAT(read.text, Contains("已分配前缀\n\n2\n"));
  CHECK_THAT(read.text, Contains("已登记编码\n\n4\n"));
  CHECK_THAT(read.text, Contains(world.checkpoints().Published()->note));
  const HttpResponse english = world.Get("/", {kEnglish});
  CHECK(english.Header("Content-Language") == "en");
  CHECK_THAT(TextOf(english, 200), Contains("Look up a code"));
  CHECK(world.Get("/?lang=en").Header("Content-Language") == "en");
  CHECK(world.Get("/?lang=zh", {kEnglish}).Header("Content-Language") == "zh-CN");
}

TEST_CASE("the figures of the first page follow what is registered") {
  HttpWorld world;
  RegistrySummary summary = *ReadRegistrySummary(*world.View());
  CHECK(summary.origin == HttpWorld::kOrigin);
  CHECK(summary.node_prefixes == std::vector<std::string>{"88.118"});
  CHECK(summary.record_count == 4);
  world.Write(&SerialRanges::Allocate, HttpWorld::kPumpsWriter, R"(
      parent: "prefixes/88.118.8" pattern: "S{serial:6}" count: 1000)");
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter, R"(row { identifier: "88.118.8/N" })");
  summary = *ReadRegistrySummary(*world.View());
  CHECK(summary.record_count == 5);
  CHECK(summary.range_code_count == 1000);
  CHECK(summary.registrant_count == 2);
  CHECK(summary.revision == world.View()->last_revision());

  // Counted again when time has passed and something was written, and not before.
  absl::Time now = absl::FromUnixSeconds(1'000'000);
  RegistrySummaries summaries(world.rules().ledger, [&now] { return now; });
  const auto first = *summaries.Latest();
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter, R"(row { identifier: "88.118.8/M" })");
  now += RegistrySummaries::kAge - absl::Milliseconds(1);
  CHECK(*summaries.Latest() == first);
  now += absl::Milliseconds(1);
  CHECK((*summaries.Latest())->record_count == 6);
}

TEST_CASE("a code that is pasted in any form leads to its page") {
  HttpWorld world;
  for (const char* text :
       {"88.118.8/HP-1", "  88.118.8/HP-1\n", "８８．１１８．８／ＨＰ－１", "88。118。8/HP-1",
        "hdl:88.118.8/HP-1", "HDL:88.118.8/HP-1", "info:hdl/88.118.8/HP-1",
        "https://id.example/88.118.8/HP-1", "https://id.example/88.118.8%2FHP-1?lang=en#verify",
        "https://hdl.handle.net/88.118.8/HP-1", "88.118.8 / HP-1",
        "\xEF\xBB\xBF"
        "88.118.8/HP-1\u200B"}) {
    INFO(text);
    CHECK(Search(world, text) == "303 /88.118.8/HP-1");
  }
  // What is a code as it stands stays as it stands.
  CHECK(Search(world, "88.118.8/ａ") == "303 /88.118.8/a");
  CHECK(Search(world, "88.118.8/LOT/A+1:2") == Concat("303 ", kLot));
  CHECK(Search(world, "88.118.8/批次/01") == "303 /88.118.8/%E6%89%B9%E6%AC%A1%2F01");
  CHECK(Search(world, "88.118.8/..") == "303 /88.118.8%2F..");
  CHECK(RedirectOf(world.Get("/?q=88.118.8/HP-1&lang=en")) == "303 /88.118.8/HP-1?lang=en");
  // So does the path itself, with its parameters.
  CHECK(RedirectOf(world.Get("/%EF%BC%98%EF%BC%98.118.8/HP-1?lang=en&as_of=2026-01-01")) ==
        "303 /88.118.8/HP-1?lang=en&as_of=2026-01-01");
  CHECK(RedirectOf(world.Get("/88.118.8/HP-1%20")) == "303 /88.118.8/HP-1");
  CHECK(RedirectOf(world.Get("/hdl:88.118.8/HP-1?x=%22%3C%0A")) ==
        "303 /88.118.8/HP-1?x=%22%3C%0A");
}

TEST_CASE("a text that is no code is answered where it is wrong, with the text to correct") {
  HttpWorld world;
  for (const auto& [query, what] : std::initializer_list<std::pair<const char*, const char*>>{
           {"HP-1", "has no \"/\" between prefix and suffix"},
           {"88..8/x", "has an empty prefix segment at character 4"},
           {"88.118.8/", "has no suffix after the \"/\""},
           {"泵/1", "character 1, U+6CF5, cannot stand in a prefix"}}) {
    const HttpResponse response = world.Get("/?q=" + server::PercentEncode(query), {kEnglish});
    const test::HtmlRead read = ReadPage(response, 400);
    CHECK_THAT(read.text, Contains("This is not a code of this kind"));
    CHECK_THAT(read.text, Contains(what));
    std::string value;
    for (const test::HtmlTagRead& tag : read.tags) {
      if (tag.Attribute("name") == "q") value = tag.Attribute("value");
    }
    CHECK(value == query);
  }
  CHECK_THAT(TextOf(world.Get("/HP-1"), 400), Contains("编码格式不正确"));
  CHECK(world.Get("/88.118.8/%FF").status == 400);
  CHECK(world.Get("/88.118.8/%zz").status == 400);
  CHECK(world.Get("/88.118.8/a%00b", {{"Accept", "application/json"}}).status != 200);
}

TEST_CASE("a code's page has the record, its issuer, its history, and how to verify it") {
  HttpWorld world;
  const HttpResponse response = world.Get("/88.118.8/hp-1", {kEnglish});
  const std::string text = TextOf(response, 200);
  CHECK(response.Header("Vary") == "Accept, Accept-Language, Authorization, Accept-Encoding");
  CHECK(response.Header("Cache-Control") == "no-store");
  CHECK(response.Header("Link") ==
        "</88.118.8/HP-1?format=linkset>; rel=\"linkset\"; type=\"application/linkset+json\"");
  CHECK_THAT(text, Contains("离心泵 HP-1"));
  CHECK_THAT(text, Contains("Active"));
  CHECK_THAT(text, Contains("Item"));
  CHECK_THAT(text, Contains("Values that are not public: 2 (partner, owner)\n"));
  CHECK_THAT(text, !Contains("1000"));
  CHECK_THAT(response.body, Contains("href=\"https://pumps.example/HP-1\""));
  CHECK_THAT(text, Contains("Issued by"));
  CHECK_THAT(text, Contains("Registered\n"));
  CHECK_THAT(text, !Contains("registrants/sz-pumps"));
  CHECK_THAT(text, Contains("gusu.latest/v1"));
  CHECK_THAT(text, Contains("gusu audit verify-proof proof.json --vkey registry.vkey "
                            "--code '88.118.8/HP-1'"));
  CHECK_THAT(response.body, Contains("href=\"/88.118.8/HP-1?format=proof\""));
  CHECK_THAT(response.body, Contains("href=\"/88.118.8/HP-1?label=svg\""));
  CHECK_THAT(TextOf(world.Get("/88.118.8%2FHP-1"), 200),
             Contains("不对当前访问者公开的值：2（合作方、所有方）\n"));

  const std::string own = TextOf(
      world.Get("/88.118.8/HP-1", {kEnglish, HttpWorld::Bearer(HttpWorld::kPumpsReader)}), 200);
  CHECK_THAT(own, Contains("1000\n \n(partner)"));
  CHECK_THAT(own, Contains("700\n \n(owner)"));
  CHECK_THAT(own, !Contains("Values that are not public"));
  CHECK_THAT(own, Contains("registrants/sz-pumps"));
  HttpRequest far =
      HttpWorld::Request("GET", "/88.118.8/HP-1", {HttpWorld::Bearer(HttpWorld::kPumpsReader)});
  far.peer = "192.0.2.1";
  CHECK_THAT(TextOf(world.Ask(far), 403), Contains("TLS_REQUIRED"));
  CHECK_THAT(TextOf(world.Get("/88.118.8/HP-1", {HttpWorld::Bearer("gusu_x")}), 401),
             Contains("CREDENTIAL_INVALID"));
}

TEST_CASE("the page says plainly what became of a code") {
  HttpWorld world;
  const HttpResponse retired = world.Get("/88.118.8/OLD", {kEnglish});
  const std::string text = TextOf(retired, 410);
  CHECK_THAT(text, Contains("Retired"));
  CHECK_THAT(text, Contains("Superseded"));
  CHECK_THAT(text, Contains("made no more"));
  CHECK_THAT(retired.body, Contains("In its place: <a href=\"/88.118.8/HP-1\">"));
  CHECK_THAT(TextOf(world.Get("/88.118.8/OLD"), 410), Contains("已被取代"));

  const std::string asleep = TextOf(world.Get("/88.118.8/ASLEEP", {kEnglish}), 200);
  CHECK_THAT(asleep, Contains("Suspended"));
  CHECK_THAT(asleep, Contains("being looked at"));

  const std::string never = TextOf(world.Get("/88.118.8/NEVER", {kEnglish}), 404);
  CHECK_THAT(never, Contains("Never issued"));
  CHECK_THAT(never, Contains("identifier 88.118.8/NEVER is not registered"));
  const std::string unknown = TextOf(world.Get("/88.200.1/X", {kEnglish}), 404);
  CHECK_THAT(unknown, Contains("Unknown prefix"));

  world.Write(&Registry::Register, HttpWorld::kPumpsWriter, R"(row {
      identifier: "88.118.8/CLOSED" values { index: 1 type: "PRICE" data: "9" tier: PARTNER } })");
  CHECK_THAT(TextOf(world.Get("/88.118.8/CLOSED", {kEnglish}), 403),
             Contains("No right to read it"));

  world.Write(&Registry::Register, HttpWorld::kPumpsWriter,
              R"(row { identifier: "88.118.8/SOON" state: RESERVED })");
  CHECK_THAT(TextOf(world.Get("/88.118.8/SOON", {kEnglish}), 200),
             Contains("The code is allocated, and not yet on a product."));

  world.Write(&Registry::HoldRecord, HttpWorld::kPumpsAdmin, R"(
      name: "88.118.8/HP-1" reason: "under <dispute>" document_number: "No. 7")");
  const std::string held = TextOf(world.Get("/88.118.8/HP-1", {kEnglish}), 200);
  CHECK_THAT(held,
             Contains("On hold\n by the registrant: \nunder <dispute>\n; document \nNo. 7\n"));

  world.Write(&Registrar::SuspendRegistrant, HttpWorld::kBureauAdmin,
              R"(name: "registrants/sz-pumps" reason: "looked at")");
  CHECK_THAT(TextOf(world.Get("/88.118.8/HP-1", {kEnglish}), 200),
             Contains("The holder of the prefix is now: \nSuspended"));
}

TEST_CASE("a code of a delegated prefix is answered with the servers that resolve it") {
  HttpWorld world;
  world.Write(&Registrar::DelegatePrefix, HttpWorld::kBureauAdmin, R"(
      name: "prefixes/88.118.9"
      sites { address: "valves.example" protocol: HTTPS port: 443 }
      sites { address: "2001:db8::1" protocol: HANDLE_TCP port: 2641 })");
  const HttpResponse page = world.Get("/88.118.9/V/1", {kEnglish});
  const std::string text = TextOf(page, 200);
  CHECK_THAT(text, Contains("\n88.118.9\n"));
  CHECK_THAT(page.body, Contains("href=\"https://valves.example:443/88.118.9/V%2F1\""));
  CHECK_THAT(text, Contains("Handle over TCP: \n[2001:db8::1]:2641"));
}

TEST_CASE("a page shows script as text, wherever somebody may have written it") {
  HttpWorld world;
  const std::string evil = "</dd><script>alert(1)</script>\" onload=\"x";
  const std::string escaped = "</dd><script>alert(1)</script>\\\" onload=\\\"x";
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter,
              Concat(R"(row {
      identifier: "88.118.8/EVIL"
      values { index: 1 type: "URL" data: "javascript:evil" }
      values { index: 2 type: "NAME" data: ")",
                     escaped, R"(" language: "zh" }
      values { index: 3 type: "<b>T</b>" data: "\x00\xff\x01" }
      values { index: 4 type: "HS_ALIAS" data: ")",
                     escaped, R"(" }
      values { index: 5 type: "HS_ALIAS" data: "88.118.8/HP-1" }
      origin { system: ")",
                     escaped, R"(" original_identifier: ")", escaped, R"(" } })"));
  world.Write(&Registry::SuspendRecord, HttpWorld::kPumpsWriter,
              Concat("name: '88.118.8/EVIL' reason: \"", escaped, "\""));
  const HttpResponse page =
      world.Get("/88.118.8/EVIL", {HttpWorld::Bearer(HttpWorld::kPumpsReader)});
  const test::HtmlRead read = ReadPage(page, 200);
  size_t count = 0;
  for (size_t at = read.text.find(evil); at != std::string::npos;
       at = read.text.find(evil, at + 1)) {
    ++count;
  }
  // Heading, title, name, alias, origin twice, reason as it stands and in history.
  CHECK(count == 8);
  CHECK_THAT(read.text, Contains("<b>T</b>"));
  CHECK_THAT(read.text, Contains("0x00ff01"));
  CHECK_THAT(read.text, Contains("javascript:evil"));
  CHECK_THAT(page.body, !Contains("href=\"javascript"));
  CHECK_THAT(page.body, Contains("<a href=\"/88.118.8/HP-1\"><bdi>88.118.8/HP-1</bdi></a>"));
  CHECK_THAT(TextOf(world.Get("/?q=" + server::PercentEncode(evil)), 400), Contains(evil));
  CHECK_THAT(TextOf(world.Get("/x?format=page&lang=" + server::PercentEncode(evil)), 400),
             Contains("编码格式不正确"));
  CHECK_THAT(
      TextOf(world.Get("/88.118.8/HP-1?as_of=" + server::PercentEncode(evil), {kEnglish}), 400),
      Contains("as_of"));
}

TEST_CASE("attributes have the template's names, inherited values say where they come from") {
  HttpWorld world;
  world.Write(&Registry::BatchRegister, HttpWorld::kPumpsWriter, R"(
      rows { identifier: "88.118.8/MODEL-A" level: MODEL template: "product"
             values { type: "name" data: "泵 A" } values { type: "brand" data: "Gusu" } }
      rows { identifier: "88.118.8/A-1" template: "product"
             instance_of { identifier: "88.118.8/MODEL-A" }
             values { type: "name" data: "泵 A-1" }
             values { type: "production_time" data: "2026-01-31T08:00:00+08:00" } }
      rows { identifier: "88.118.8/A-2" instance_of { identifier: "88.118.8/MODEL-A" } })");
  const HttpResponse page = world.Get("/88.118.8/A-1");
  const std::string chinese = TextOf(page, 200);
  CHECK_THAT(chinese, Contains("名称\n\n\n泵 A-1\n"));
  CHECK_THAT(chinese, Contains("生产时间\n\n\n2026-01-31T08:00:00+08:00\n"));
  CHECK_THAT(page.body, Contains("<h3>继承自 <a href=\"/88.118.8/MODEL-A\">"));
  CHECK_THAT(chinese, Contains("品牌\n\n\nGusu\n"));
  // Also where the code itself has no template, or another one.
  CHECK_THAT(TextOf(world.Get("/88.118.8/A-2"), 200), Contains("名称\n\n\n泵 A\n"));
  const std::string english = TextOf(world.Get("/88.118.8/A-1?lang=en"), 200);
  CHECK_THAT(english, Contains("Production time\n\n\n2026-01-31T08:00:00+08:00\n"));
  CHECK_THAT(english, Contains("Instance of"));
  // The model's page, in the chosen language.
  CHECK_THAT(world.Get("/88.118.8/A-1?lang=en").body,
             Contains("href=\"/88.118.8/MODEL-A?lang=en\""));
}

TEST_CASE("a page of long values and a long history has a bound") {
  HttpWorld world;
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter,
              Concat(R"(row {
      identifier: "88.118.8/LONG"
      values { index: 2 type: "TEXT" data: ")",
                     std::string(60'000, 'x'), R"(" }
      values { index: 3 type: "BYTES" data: "\xff)",
                     std::string(60'000, 'y'), R"(" } })"));
  for (int i = 0; i < 25; ++i) {
    world.Write(&Registry::ModifyValues, HttpWorld::kPumpsWriter,
                Concat(R"(
        name: "88.118.8/LONG" modify { index: 2 type: "TEXT" data: "v)",
                       i, std::string(60'000, 'x'), "\" }"));
  }
  const HttpResponse page = world.Get("/88.118.8/LONG", {kEnglish});
  const std::string text = TextOf(page, 200);
  CHECK(page.body.size() < 30'000);
  CHECK_THAT(text, Contains("(60003 bytes)"));
  CHECK_THAT(text, Contains("(60001 bytes)"));
  CHECK_THAT(text, Contains("Only the latest changes are listed."));
  size_t rows = 0;
  for (size_t at = page.body.find("<tr>"); at != std::string::npos;
       at = page.body.find("<tr>", at + 1)) {
    ++rows;
  }
  CHECK(rows == 21);  // and the headings
}

TEST_CASE("a code is shown as it was on a past day, and never as it will be") {
  HttpWorld world;
  const uint64_t then = world.View()->last_revision();
  world.Write(&Registry::ModifyValues, HttpWorld::kPumpsWriter, R"(
      name: "88.118.8/HP-1" modify { index: 2 type: "NAME" data: "renamed" })");
  const std::string time = server::PercentEncode(absl::FormatTime(
      absl::RFC3339_full, absl::FromUnixMicros(static_cast<int64_t>(then)), absl::UTCTimeZone()));
  const std::string past = TextOf(world.Get("/88.118.8/HP-1?as_of=" + time, {kEnglish}), 200);
  CHECK_THAT(past, Contains("离心泵 HP-1"));
  CHECK_THAT(past, !Contains("renamed"));
  CHECK_THAT(past, !Contains("Values changed"));
  CHECK_THAT(past, Contains("As it was registered then"));
  const std::string now = TextOf(world.Get("/88.118.8/HP-1?as_of=", {kEnglish}), 200);
  CHECK_THAT(now, Contains("renamed"));
  CHECK_THAT(now, Contains("Values changed"));
  // When it was OLD's time, it was not retired yet.
  const HttpResponse unborn = world.Get("/88.118.8/HP-1?as_of=2020-01-01", {kEnglish});
  CHECK_THAT(TextOf(unborn, 404), Contains("was not registered as of 2020-01-01T"));
  // It was issued since: the page must not say that it never was.
  CHECK_THAT(TextOf(unborn, 404), Contains("Not issued by then"));
  CHECK_THAT(TextOf(unborn, 404), !Contains("never registered"));
  CHECK_THAT(TextOf(world.Get("/88.118.8/HP-1?as_of=2020-01-01"), 404), Contains("当时尚未登记"));
  CHECK_THAT(TextOf(world.Get("/88.118.8/HP-1?as_of=2999-01-01", {kEnglish}), 400),
             Contains("A time in the future"));
  for (const char* wrong : {"yesterday", "2026-02-30", "2026-01-01T00:00:00",
                            "1969-12-31T23:59:59Z", "infinite-future"}) {
    INFO(wrong);
    const HttpResponse response = world.Get(Concat("/88.118.8/HP-1?format=json&as_of=", wrong));
    CHECK(response.status == 400);
    CHECK(ReasonOf(response) == "FIELD_INVALID");
  }
}

TEST_CASE("a page says what was erased of the record as it was, and that it was") {
  HttpWorld world;
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter, R"(row {
      identifier: "88.118.8/SEALED"
      values { index: 1 type: "SEAL" is_digest: true data: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }
      values { index: 2 type: "PRICE" data: "9" tier: OWNER } })");
  const uint64_t then = world.View()->last_revision();
  const std::string time = server::PercentEncode(absl::FormatTime(
      absl::RFC3339_full, absl::FromUnixMicros(static_cast<int64_t>(then)), absl::UTCTimeZone()));
  const std::string past = "/88.118.8/SEALED?as_of=" + time;
  CHECK_THAT(TextOf(world.Get(past, {kEnglish}), 200),
             Contains("Values that are not public: 1 (owner)"));
  world.Write(&Registry::EraseValues, HttpWorld::kPumpsWriter,
              Concat("name: '88.118.8/SEALED' tier: OWNER reason: 'asked to' revisions: ", then));
  const std::string text = TextOf(world.Get(past, {kEnglish}), 200);
  CHECK_THAT(text, Contains("Values that were erased: owner"));
  CHECK_THAT(text, Contains("Only a digest is registered: SHA-256"));
  CHECK_THAT(text, Contains("4141414141414141414141414141414141414141414141414141414141414141"));
  CHECK_THAT(TextOf(world.Get(past), 200), Contains("已清除的值：所有方"));
  const std::string now = TextOf(world.Get("/88.118.8/SEALED", {kEnglish}), 200);
  CHECK_THAT(now, Contains("Values erased"));
  CHECK_THAT(now, !Contains("Values that were erased"));
}

TEST_CASE("a code of a serial range has a page, with the range's history before its own") {
  HttpWorld world;
  world.Write(&SerialRanges::Allocate, HttpWorld::kPumpsWriter, R"(
      parent: "prefixes/88.118.8" pattern: "R{serial:4}" count: 100)");
  const std::string text = TextOf(world.Get("/88.118.8/R0001", {kEnglish}), 200);
  CHECK_THAT(text, Contains("Reserved"));
  CHECK_THAT(text, Contains("Serial range"));
  CHECK_THAT(text, Contains("Allocated in a serial range"));
  const Caller nobody = world.Who("");
  const auto history = ReadCodeHistory(*world.View(), *Identifier::Parse("88.118.8/R0001"), nobody,
                                       world.View()->last_revision(), 5);
  REQUIRE(history.ok());
  CHECK(history->changes.size() == 1);
  CHECK(history->changes[0].actor.empty());
}

}  // namespace gusu::server
