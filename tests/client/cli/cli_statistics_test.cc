// gusu stats and gusu usage, before a server of the test's.
#include <catch2/catch.hpp>

#include "tests/client/cli/run_gusu.h"
#include "tests/client/registrar_world.h"

namespace gusu::cli {
namespace {

// Against that server.
Ran RunAt(const test::RegistrarWorld& world, const std::vector<std::string>& words) {
  std::vector<std::string> all = {"--plaintext", "--server", world.address()};
  all.insert(all.end(), words.begin(), words.end());
  return Run(all);
}

// Two prefixes; of the second one a count is kept wrong, when `kept` is not 4.
void Script(test::RegistrarWorld& world, const std::string& kept) {
  world.script.answers["ListPrefixes"] =
      R"(prefixes { name: "prefixes/88.1" } prefixes { name: "prefixes/88.2" })";
  world.script.answers["RecountStatistics"] =
      R"(sequence: 7 days { date: "2026-11-23" counts { created: 4 changed: 1 } })";
  world.script.answers["GetStatistics"] =
      R"(days { date: "2026-11-23" counts { changed: 1 created: )" + kept + "} }";
}

TEST_CASE("stats --verify says that the counts agree, of every prefix") {
  test::RegistrarWorld world;
  Script(world, "4");
  const Ran ran = RunAt(world, {"stats", "--verify"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out ==
        "OK: the counts of 2 prefixes are what records, ranges and histories say: 8 records "
        "created, 2 changes, 0 range codes\n");
  CHECK(ran.err.empty());
}

TEST_CASE("stats --verify ends with 1 and names the first difference") {
  test::RegistrarWorld world;
  Script(world, "5");
  const Ran ran = RunAt(world, {"stats", "88.1", "--verify"});
  CHECK(ran.exit_code == 1);
  const std::string difference = "88.1 on 2026-11-23: created is kept as 5 and counted as 4";
  CHECK(ran.out == difference + "\n");
  CHECK(ran.err == "gusu: STATISTICS_DIFFER: 1 difference, first: " + difference + "\n");
  const Ran json = RunAt(world, {"stats", "88.1", "--verify", "--json"});
  CHECK(json.exit_code == 1);
  CHECK(json.out == R"({"prefix":"prefixes/88.1","ok":false,"counts":{"created":4,"changed":1},)"
                    R"("days_count":1,"sequence":7,"differences":[{"date":"2026-11-23",)"
                    R"("counter":"created","stored":5,"recounted":4}]})"
                    "\n");
}

TEST_CASE("stats shows a row a day and a total, and usage the fastest and slowest second") {
  test::RegistrarWorld world;
  world.script.answer = R"(
      days { prefix: "prefixes/88.1" date: "2026-11-22" registrant: "registrants/a"
             counts { created: 2 retired { reason: EXPORTED count: 1 } } }
      days { prefix: "prefixes/88.1" date: "2026-11-23" registrant: "registrants/b"
             counts { created: 3 range_codes_allocated: 9 } })";
  const Ran ran = RunAt(world, {"stats", "88.1", "--from", "2026-11-22"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out ==
        "PREFIX  DATE        HOLDER         CREATED  RESERVED  CHANGED  ACTIVATED  RETIRED     "
        "REINSTATED  RANGE CODES  OF THESE ACTIVATED  RELEASED\n"
        "88.1    2026-11-22  registrants/a  2                                      EXPORTED 1\n"
        "88.1    2026-11-23  registrants/b  3                                                  "
        "            9\n"
        "\n"
        "TOTAL   CREATED  RESERVED  CHANGED  ACTIVATED  RETIRED     REINSTATED  RANGE CODES  OF "
        "THESE ACTIVATED  RELEASED\n"
        "2 rows  5                                      EXPORTED 1              9\n");
  world.script.answer = R"(
      days { prefix: "prefixes/88.1" date: "2026-11-22" door: "GRPC" asked: 9 answered: 8
             never_issued: 1 latency_us_min: 5 latency_us_mean: 7 latency_us_max: 90
             sources { address: "192.0.2.1" count: 6 } })";
  const Ran usage = RunAt(world, {"usage", "88.1"});
  CHECK(usage.out ==
        "PREFIX  DATE        DOOR  ASKED  ANSWERED  NEVER ISSUED  FASTEST  MEAN  SLOWEST\n"
        "88.1    2026-11-22  GRPC  9      8         1             5 us     7 us  90 us\n");
  const Ran sources = RunAt(world, {"usage", "88.1", "--sources"});
  CHECK(sources.out ==
        "PREFIX  DATE        DOOR  ADDRESS    ASKED\n"
        "88.1    2026-11-22  GRPC  192.0.2.1  6\n");
}

}  // namespace
}  // namespace gusu::cli
