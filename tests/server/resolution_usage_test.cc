// Counts of resolutions: what is counted, that it reaches the store once, and who sees it.
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/resolver.h"
#include "server/statistics/source_sweep.h"
#include "server/statistics/usage.h"
#include "server/statistics/usage_rows.h"
#include "server/statistics/usage_writer.h"
#include "storage/keys.h"
#include "storage/registry_day.h"
#include "tests/server/statistics_world.h"
#include "tests/storage/faulty_engine.h"

namespace gusu::server {
namespace {

constexpr int32_t kFirstDay = 20'833;  // 2027-01-15

// A world whose resolver counts. Usage is written when the case says so, and now and then by
// itself.
class UsageWorld : public StatisticsWorld {
 public:
  UsageWorld() { resolver_.CountIn(writer_.recorder()); }

  UsageWriter& writer() { return writer_; }

  // Through a door, from an address.
  void Resolve(const std::vector<std::string>& identifiers, Door door = Door::kGrpc,
               const std::string& peer = "192.0.2.1") {
    Caller caller;
    caller.door = door;
    caller.peer = peer;
    if (identifiers.size() == 1) {
      v1::ResolveRequest request;
      request.set_identifier(identifiers.front());
      v1::ResolveResponse response;
      resolver_.Resolve(request, caller, &response).IgnoreError();
      return;
    }
    v1::BatchResolveRequest request;
    for (const std::string& identifier : identifiers) request.add_identifiers(identifier);
    v1::BatchResolveResponse response;
    REQUIRE(resolver_.BatchResolve(request, caller, &response).ok());
  }

  std::vector<v1::DayUsage> Usage(const Caller& caller, uint32_t page_size = 0) {
    v1::ListUsageRequest request;
    request.set_page_size(page_size);
    std::vector<v1::DayUsage> days;
    do {
      v1::ListUsageResponse response;
      const absl::Status status = statistics().ListUsage(request, caller, &response);
      INFO(status.ToString());
      REQUIRE(status.ok());
      days.insert(days.end(), response.days().begin(), response.days().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return days;
  }

  // `88.118.8 2027-01-15 GRPC asked 3 answered 1 never 2 from 192.0.2.1 3`, a line a row.
  std::string Show(const Caller& caller, uint32_t page_size = 0) {
    std::string shown;
    for (const v1::DayUsage& day : Usage(caller, page_size)) {
      CHECK(day.latency_us_min() <= day.latency_us_mean());
      CHECK(day.latency_us_mean() <= day.latency_us_max());
      shown += Concat(day.prefix().substr(9), " ", day.date(), " ", day.door(), " asked ",
                      day.asked(), " answered ", day.answered(), " never ", day.never_issued());
      for (const v1::SourceCount& source : day.sources()) {
        shown += Concat(" from ", source.address(), " ", source.count());
      }
      shown += "\n";
    }
    return shown;
  }
  std::string Written() {
    REQUIRE(writer_.Write().ok());
    return Show(Bureau());
  }

 private:
  UsageWriter writer_{&ledger(), [this] { return Now(); }};
  Resolver resolver_{&ledger(), nullptr, [this] { return Now(); }};
};

TEST_CASE("resolutions are counted by prefix, day and door") {
  UsageWorld world;
  REQUIRE(world.Register("identifier: '88.118.8/1'") == "OK");
  world.Resolve({"88.118.8/1"});
  world.Resolve({"88.118.8/1", "88.118.8/2", "88.118.9/1", "88.118.8/1"}, Door::kGrpc, "192.0.2.2");
  world.Resolve({"88.118.8/1"}, Door::kHttp, "2001:db8::1");
  world.Resolve({"88.118.8/1"}, Door::kHandle);
  world.Resolve({"88.118.8/1"}, Door::kInternal);       // nobody asked
  world.Resolve({"88.118.77/1", "not an identifier"});  // below no prefix
  world.Resolve({"88.118.8.5/1"});                      // below 88.118.8, which has no such prefix
  const std::string day = "2027-01-15";
  CHECK(world.Written() ==
        "88.118.8 2027-01-15 GRPC asked 5 answered 3 never 1 from 192.0.2.2 3 from 192.0.2.1 2\n"
        "88.118.8 2027-01-15 HANDLE asked 1 answered 1 never 0 from 192.0.2.1 1\n"
        "88.118.8 2027-01-15 HTTP asked 1 answered 1 never 0 from 2001:db8::1 1\n"
        "88.118.9 2027-01-15 GRPC asked 1 answered 0 never 1 from 192.0.2.2 1\n");
  // The next day begins at 16:00 in UTC.
  world.Pass(absl::Hours(8));
  world.Resolve({"88.118.9/1"});
  CHECK(world.Written().find("88.118.9 2027-01-16 GRPC asked 1") != std::string::npos);
  CHECK(world.Show(world.Bureau(), 1) == world.Show(world.Bureau()));
}

TEST_CASE("what was asked as of a time before it was registered was not never issued") {
  UsageWorld world;
  REQUIRE(world.Register("identifier: '88.118.8/1'") == "OK");
  Caller caller;
  caller.door = Door::kGrpc;
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/1");
  request.mutable_options()->mutable_as_of_time()->set_seconds(1'700'000'000);
  v1::ResolveResponse response;
  UsageRecorder recorder(absl::UTCTimeZone());
  Resolver resolver(&world.ledger(), nullptr, [&world] { return world.Now(); });
  resolver.CountIn(&recorder);
  CHECK(ErrorReason(resolver.Resolve(request, caller, &response)) == "IDENTIFIER_NOT_FOUND");
  const UsageMap counted = recorder.TakeAll();
  REQUIRE(counted.size() == 1);
  CHECK(counted.begin()->second.counts.asked == 1);
  CHECK(counted.begin()->second.counts.answered == 0);
  CHECK(counted.begin()->second.counts.never_issued == 0);
}

TEST_CASE("a registrant is shown the usage of its prefixes, without the addresses") {
  UsageWorld world;
  world.Resolve({"88.118.8/1", "88.118.9/1"});
  world.Written();
  CHECK(world.Show(world.Writer("sz-pumps")) ==
        "88.118.8 2027-01-15 GRPC asked 1 answered 0 never 1\n");
  world.PassPrefix("88.118.8", "sz-valves");
  CHECK(world.Show(world.Writer("sz-pumps")) == "");
  CHECK(world.Show(world.Writer("sz-valves")) ==
        "88.118.8 2027-01-15 GRPC asked 1 answered 0 never 1\n"
        "88.118.9 2027-01-15 GRPC asked 1 answered 0 never 1\n");
}

TEST_CASE("least and greatest latency are kept with their second, the mean of all") {
  UsageCounts counts;
  counts.AddLatency(30, 1000);
  counts.AddLatency(10, 1001);
  counts.AddLatency(50, 1002);
  counts.AddLatency(10, 1003);
  storage::v1::UsageRow row;
  AddToRow({counts, {}}, &row);
  UsageCounts later;
  later.AddLatency(60, 1004);
  later.AddLatency(20, 1005);
  AddToRow({later, {}}, &row);
  AddToRow(Usage(), &row);  // nothing more
  v1::DayUsage day;
  FillUsage(row, {"88.118.8", kFirstDay, 'G'}, "88.118.8", true, &day);
  CHECK(day.ShortDebugString() ==
        "prefix: \"prefixes/88.118.8\" date: \"2027-01-15\" door: \"GRPC\" asked: 6 "
        "latency_us_min: 10 latency_min_time { seconds: 1001 } latency_us_mean: 30 latency_us_max: "
        "60 latency_max_time { seconds: 1004 }");
}

TEST_CASE("what follows too many prefixes counts no further ones, and says when there are many") {
  int told = 0;
  UsageRecorder recorder(absl::UTCTimeZone(), [&told] { ++told; });
  UsageCounts one;
  one.AddLatency(1, 1);
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  for (size_t i = 0; i < UsageRecorder::kFollowed + 100; ++i) {
    recorder.Add(Concat("88.118.", i), 'G', "192.0.2.1", now, one);
  }
  CHECK(told == 1);
  recorder.Add("88.118.0", 'G', "192.0.2.1", now, one);  // one that is followed
  const UsageMap taken = recorder.TakeAll();
  CHECK(taken.size() == UsageRecorder::kFollowed);
  CHECK(taken.at({"88.118.0", kFirstDay, 'G'}).counts.asked == 2);
  recorder.Add("88.118.99999", 'G', "192.0.2.1", now, one);
  CHECK(recorder.TakeAll().size() == 1);
}

TEST_CASE("usage is written at the end, and goes on where it was") {
  storage::ManualClock clock;
  storage::MemoryEngine engine;
  UsageCounts one;
  one.AddLatency(7, 1);
  const auto now = [&clock] { return absl::FromUnixMicros(static_cast<int64_t>(clock.now_us())); };
  const std::string key = storage::UsageKey("88.118.8", kFirstDay, 'G');
  for (uint64_t start = 1; start <= 3; ++start) {
    auto ledger = storage::OpenLedger(engine, clock.Options());
    UsageWriter writer(ledger.get(), now);
    writer.recorder()->Add("88.118.8", 'G', "192.0.2.1", now(), one);
    writer.Stop();
    CHECK(ReadUsageRow(*storage::MustLatest(*ledger), key)->asked() == start);
    CHECK(ReadUsageRow(*storage::MustLatest(*ledger), key)->sources(0).count() == start);
    ledger->Stop();
  }
}

TEST_CASE("a write that fails is made again, and one that went through unseen is not") {
  using Fault = storage::FaultyEngine::Fault;
  const Fault fault = GENERATE(Fault::kNotApplied, Fault::kUnknownNotDone, Fault::kUnknownDone,
                               Fault::kUnknownDoneLater);
  storage::ManualClock clock;
  storage::MemoryEngine memory;
  storage::FaultyEngine engine(&memory);
  auto ledger = storage::OpenLedger(engine, clock.Options());
  const auto now = [&clock] { return absl::FromUnixMicros(static_cast<int64_t>(clock.now_us())); };
  UsageWriter writer(ledger.get(), now);
  UsageCounts one;
  one.AddLatency(7, 1);
  const std::string key = storage::UsageKey("88.118.8", kFirstDay, 'G');
  const auto add = [&] {
    writer.recorder()->Add("88.118.8", 'G', "192.0.2.1", now(), one);
    writer.recorder()->Add("88.118.9", 'W', "192.0.2.1", now(), one);
  };
  add();
  REQUIRE(writer.Write().ok());
  add();
  engine.FailNext({fault});
  CHECK_FALSE(writer.Write().ok());
  add();
  // Until the ledger has recovered, nothing is written.
  while (!writer.Write().ok()) std::this_thread::yield();
  CHECK(ReadUsageRow(*storage::MustLatest(*ledger), key)->asked() == 3);
  CHECK(ReadUsageRow(*storage::MustLatest(*ledger), storage::UsageKey("88.118.9", kFirstDay, 'W'))
            ->asked() == 3);
  writer.Stop();
}

// Rows of usage with many addresses, as they are in the store after a sweep.
class SweptStore {
 public:
  void Put(const std::string& prefix_key, int32_t day, int sources) {
    storage::v1::UsageRow row;
    row.set_asked(1);
    for (int i = 0; i < sources; ++i) row.add_sources()->set_address(std::to_string(i));
    Write({{storage::UsageKey(prefix_key, day, 'G'), row.SerializeAsString()}});
  }
  // Steps until a day is swept; how many.
  int Sweep(int32_t today) {
    for (int steps = 1;; ++steps) {
      const auto view = storage::MustLatest(*ledger_);
      auto writes = sweep_.Next(*view, today);
      REQUIRE(writes.ok());
      const bool some = !writes->empty();
      if (some) Write(*std::move(writes));
      sweep_.Confirm();
      if (!some) return steps;
      REQUIRE(steps < 100);
    }
  }
  int Sources(const std::string& prefix_key, int32_t day) {
    return ReadUsageRow(*storage::MustLatest(*ledger_), storage::UsageKey(prefix_key, day, 'G'))
        ->sources_size();
  }
  SourceSweep& sweep() { return sweep_; }
  std::shared_ptr<const storage::View> View() { return storage::MustLatest(*ledger_); }

 private:
  void Write(std::vector<storage::Batch::Write> writes) {
    std::promise<absl::Status> told;
    ledger_->PutUsage(std::move(writes), [&told](absl::Status status) { told.set_value(status); });
    REQUIRE(told.get_future().get().ok());
  }
  storage::ManualClock clock_;
  storage::MemoryEngine engine_;
  std::unique_ptr<storage::Ledger> ledger_ = storage::OpenLedger(engine_, clock_.Options());
  SourceSweep sweep_;
};

TEST_CASE("addresses are let go of after 180 days, and past days keep the hundred commonest") {
  SweptStore store;
  const int32_t today = 20'000;
  for (const char* prefix : {"88.118.8", "88.118.9"}) {
    for (int32_t age : {0, 1, 9, 179, 180, 181, 1000}) store.Put(prefix, today - age, 150);
  }
  store.Sweep(today);
  for (const char* prefix : {"88.118.8", "88.118.9"}) {
    CAPTURE(prefix);
    CHECK(store.Sources(prefix, today) == 150);
    CHECK(store.Sources(prefix, today - 1) == 100);
    CHECK(store.Sources(prefix, today - 9) == 100);
    CHECK(store.Sources(prefix, today - 179) == 100);
    CHECK(store.Sources(prefix, today - 180) == 0);
    CHECK(store.Sources(prefix, today - 181) == 0);
    CHECK(store.Sources(prefix, today - 1000) == 0);
  }
  // A day is swept once.
  store.Put("88.118.8", today - 1, 150);
  CHECK(store.Sweep(today) == 1);
  CHECK(store.Sources("88.118.8", today - 1) == 150);
  // The next one takes what it makes old, and what came late.
  store.Sweep(today + 1);
  CHECK(store.Sources("88.118.8", today) == 100);
  CHECK(store.Sources("88.118.8", today - 1) == 100);
  CHECK(store.Sources("88.118.8", today - 179) == 0);
  CHECK(store.Sources("88.118.9", today - 179) == 0);
}

TEST_CASE("a step of the sweep that was not written is made again") {
  SweptStore store;
  store.Put("88.118.8", 19'000, 5);
  const auto first = store.sweep().Next(*store.View(), 20'000);
  const auto again = store.sweep().Next(*store.View(), 20'000);
  REQUIRE((first.ok() && again.ok()));
  REQUIRE(first->size() == 1);
  REQUIRE(again->size() == 1);
  CHECK(first->front().value == again->front().value);
}

}  // namespace
}  // namespace gusu::server
