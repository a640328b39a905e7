// Pages while something of the server does not work.
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "gusu/v1/registry.pb.h"
#include "server/registry_summary.h"
#include "server/work_pool.h"
#include "tests/server/http_world.h"
#include "tests/server/page_reading.h"

namespace gusu::server {
namespace {

using Catch::Matchers::Contains;

// Of a router without a pool, or whose pool refuses, which answers at once.
HttpResponse Ask(HttpRouter& router, std::string_view target, std::vector<HttpHeader> headers) {
  HttpResponse answer;
  router.Handle(HttpWorld::Request("GET", target, std::move(headers)),
                [&answer](HttpResponse response) { answer = std::move(response); });
  return answer;
}

}  // namespace

TEST_CASE(
    "a page shows the record though the log cannot be signed, and says that there is no proof") {
  HttpWorld world, other;
  // Its signer knows another log, and so signs nothing of this one.
  const Proofs proofs(&world.ledger(), &other.checkpoints());
  const Resolver resolver(&world.ledger(), &proofs);
  DoorRules rules = world.rules();
  rules.resolver = &resolver;
  HttpRouter router(rules);
  const std::string text = TextOf(Ask(router, "/88.118.8/OLD", {kEnglish}), 410);
  CHECK_THAT(text, Contains("old pump"));
  CHECK_THAT(text, Contains("No proof can be given now."));
  CHECK_THAT(text, !Contains("verify-proof"));
  // Who asks for the proof is told why there is none.
  const HttpResponse proof = Ask(router, "/88.118.8/OLD?format=proof", {});
  CHECK(proof.status >= 400);
  CHECK_FALSE(ReasonOf(proof).empty());
  // Other errors are the code's own.
  CHECK_THAT(TextOf(Ask(router, "/88.118.8/NEVER", {kEnglish}), 404), Contains("Never issued"));
  router.Drain();
}

TEST_CASE("while too many calls wait, a page says that it cannot be looked up now") {
  HttpWorld world;
  WorkPool pool(1, 1);
  std::promise<void> started, go_on;
  std::shared_future<void> gate = go_on.get_future().share();
  REQUIRE(pool.Submit([&started, gate] {
    started.set_value();
    gate.wait();
  }));
  started.get_future().wait();
  REQUIRE(pool.Submit([] {}));
  DoorRules rules = world.rules();
  rules.pool = &pool;
  HttpRouter router(rules);
  const HttpResponse page = Ask(router, "/88.118.8/HP-1", {kEnglish});
  const HttpResponse console = Ask(router, "/bureau/review", {});
  go_on.set_value();
  CHECK_THAT(TextOf(page, 429), Contains("It cannot be looked up now"));
  CHECK_THAT(page.body, Contains("CALL_QUEUE_FULL"));
  CHECK_THAT(TextOf(console, 429), Contains("现在无法完成"));
  CHECK_THAT(console.body, Contains("等待处理的请求过多"));
  router.Drain();
}

TEST_CASE("the figures of the first page may be asked for by many at once, while others write") {
  HttpWorld world;
  std::atomic<int64_t> seconds = 1'000'000;
  RegistrySummaries summaries(world.rules().ledger,
                              [&seconds] { return absl::FromUnixSeconds(seconds); });
  std::atomic<bool> is_done = false;
  std::atomic<int> faults = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      uint64_t seen = 0;
      while (!is_done) {
        const auto summary = summaries.Latest();
        // Never fewer than were seen before.
        if (!summary.ok() || (*summary)->record_count < seen) {
          ++faults;
          return;
        }
        seen = (*summary)->record_count;
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    world.Write(&Registry::Register, HttpWorld::kPumpsWriter,
                "row { identifier: '88.118.8/W-" + std::to_string(i) + "' }");
    seconds += 30;
  }
  is_done = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(faults == 0);
  seconds += 30;
  CHECK((*summaries.Latest())->record_count == 24);
}

}  // namespace gusu::server
