#include <map>
#include <thread>
#include <vector>

#include "tests/server/registry_world.h"

namespace gusu::server {
namespace {

constexpr int kThreads = 4;
constexpr int kCodes = 25;

TEST_CASE("of registrations that race for a code one creates it, and all get its receipt") {
  RegistryWorld world;
  const Caller writer = world.Writer("sz-pumps");
  std::vector<std::vector<v1::RegisterResult>> results(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&world, &writer, &answers = results[static_cast<size_t>(t)]] {
      for (int i = 0; i < kCodes; ++i) {
        v1::RegisterRequest request;
        request.mutable_row()->set_identifier("88.118.8/R" + std::to_string(i));
        auto response = world.Call(&Registry::Register, request, writer);
        if (response.ok()) answers.push_back(response->result());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::map<std::string, int> created;
  std::map<std::string, uint64_t> revisions;
  for (const auto& answers : results) {
    REQUIRE(answers.size() == kCodes);
    for (const v1::RegisterResult& result : answers) {
      created[result.identifier()] += result.outcome() == v1::RegisterResult::CREATED;
      const uint64_t revision = result.receipt().revision();
      CHECK(revisions.try_emplace(result.identifier(), revision).first->second == revision);
    }
  }
  for (const auto& [identifier, count] : created) CHECK(count == 1);
  CHECK(world.Leaves() == kCodes);
}

TEST_CASE("changes that race for a record are all made, or told that they lost") {
  RegistryWorld world;
  world.Register(R"(identifier: "88.118.8/A")");
  const Caller writer = world.Writer("sz-pumps");
  std::vector<int> made(kThreads), lost(kThreads);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCodes; ++i) {
        v1::ModifyValuesRequest request;
        request.set_name("88.118.8/A");
        request.add_add()->set_type("T" + std::to_string(t));
        auto response = world.Call(&Registry::ModifyValues, request, writer);
        made[t] += response.ok();
        lost[t] += response.status().code() == absl::StatusCode::kAborted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  int changes = 0;
  for (size_t t = 0; t < kThreads; ++t) {
    CHECK(made[t] + lost[t] == kCodes);
    changes += made[t];
  }
  CHECK(world.Leaves() == 1 + static_cast<uint64_t>(changes));
}

}  // namespace
}  // namespace gusu::server
