// What storage/engine.h promises, on every engine of the test program.
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "storage/engine.h"
#include "tests/random.h"
#include "tests/storage/engines.h"

namespace gusu::storage {
namespace {

using Outcome = CommitResult::Outcome;
using Content = std::vector<std::pair<std::string, std::string>>;
using Found = std::optional<std::string>;

constexpr char kZero[] = {'\0', '\0'};

EngineKind AnyKind() { return GENERATE(from_range(EngineKinds())); }

std::shared_ptr<const Snapshot> LatestOf(Engine& engine) {
  auto snapshot = engine.Latest();
  REQUIRE(snapshot.ok());
  return *snapshot;
}

Found Get(const Snapshot& snapshot, std::string_view key) {
  auto value = snapshot.Get(key);
  REQUIRE(value.ok());
  return *value;
}

Content Scan(const Snapshot& snapshot, std::string_view begin = "", std::string_view end = "") {
  Content content;
  REQUIRE(snapshot
              .Scan(begin, end,
                    [&](std::string_view key, std::string_view value) {
                      content.emplace_back(key, value);
                      return true;
                    })
              .ok());
  return content;
}

Batch Puts(const Content& pairs) {
  Batch batch;
  for (const auto& [key, value] : pairs) batch.Put(key, value);
  return batch;
}

void Apply(Engine& engine, const Batch& batch) {
  const CommitResult result = engine.Commit(batch);
  INFO(result.status.ToString());
  REQUIRE(result.outcome == Outcome::kApplied);
  REQUIRE(result.status.ok());
}

#define ON_EVERY_ENGINE()                                     \
  const EngineKind kind = AnyKind();                          \
  CAPTURE(kind.name);                                         \
  const EngineUnderTest under_test = kind.make(MonotonicNow); \
  Engine& engine = *under_test.engine

TEST_CASE("an empty store shows no key") {
  ON_EVERY_ENGINE();
  auto snapshot = LatestOf(engine);
  CHECK(Get(*snapshot, "a") == std::nullopt);
  CHECK(Scan(*snapshot).empty());
}

TEST_CASE("an absent key is told apart from an empty value") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"empty", ""}}));
  auto snapshot = LatestOf(engine);
  CHECK(Get(*snapshot, "empty") == Found(""));
  CHECK(Get(*snapshot, "absent") == std::nullopt);
  CHECK(Get(*snapshot, "empt") == std::nullopt);
}

TEST_CASE("keys and values are any bytes, and keys are ordered bytewise") {
  ON_EVERY_ENGINE();
  const std::string zero(kZero, 1), zeros(kZero, 2);
  Apply(engine, Puts({{"\xff", "last"},
                      {"a", zeros},
                      {zeros, ""},
                      {"B", "\xfe"},
                      {zero, "first"},
                      {std::string("a") + zero, "after a"},
                      {"\x7f", ""},
                      {"\x80", ""}}));
  CHECK(Scan(*LatestOf(engine)) == Content{{zero, "first"},
                                           {zeros, ""},
                                           {"B", "\xfe"},
                                           {"a", zeros},
                                           {std::string("a") + zero, "after a"},
                                           {"\x7f", ""},
                                           {"\x80", ""},
                                           {"\xff", "last"}});
}

TEST_CASE("a batch within the limits is applied") {
  ON_EVERY_ENGINE();
  const std::string key(kKeyBytesMax, 'k'), value(kValueBytesMax, 'v');
  Batch batch = Puts({{"k", ""}, {key, value}});
  Apply(engine, batch);
  auto snapshot = LatestOf(engine);
  CHECK(Get(*snapshot, "k") == Found(""));
  CHECK((Get(*snapshot, key) == Found(value)));
}

TEST_CASE("a batch beyond a limit is certainly not applied, and says kInvalidArgument") {
  ON_EVERY_ENGINE();
  Batch batch = Puts({{"good", "value"}});
  SECTION("an empty key") { batch.Put("", "value"); }
  SECTION("a long key") { batch.Put(std::string(kKeyBytesMax + 1, 'k'), "value"); }
  SECTION("a long key to be deleted") { batch.Delete(std::string(kKeyBytesMax + 1, 'k')); }
  SECTION("a long key in an expectation") {
    batch.Expect(std::string(kKeyBytesMax + 1, 'k'), std::nullopt);
  }
  SECTION("a long value") { batch.Put("k", std::string(kValueBytesMax + 1, 'v')); }
  SECTION("a long value in an expectation") {
    batch.Expect("k", std::string(kValueBytesMax + 1, 'v'));
  }
  SECTION("a large batch of which each value is allowed") {
    const std::string value(kValueBytesMax, 'v');
    for (const char* key : {"1", "2", "3", "4"}) batch.Put(key, value);
  }
  const CommitResult result = engine.Commit(batch);
  CHECK(result.outcome == Outcome::kNotApplied);
  CHECK(result.status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(Scan(*LatestOf(engine)).empty());
  // It does not stop the engine.
  Apply(engine, Puts({{"good", "value"}}));
}

TEST_CASE("a read of a key beyond the limits finds nothing") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}}));
  auto snapshot = LatestOf(engine);
  CHECK(Get(*snapshot, "") == std::nullopt);
  CHECK(Get(*snapshot, std::string(kKeyBytesMax + 1, 'k')) == std::nullopt);
}

TEST_CASE("later commits do not change what a snapshot shows") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}, {"b", "1"}}));
  auto before = LatestOf(engine);
  Batch batch = Puts({{"a", "2"}, {"c", "2"}});
  batch.Delete("b");
  Apply(engine, batch);

  CHECK(Get(*before, "a") == Found("1"));
  CHECK(Get(*before, "c") == std::nullopt);
  auto values = before->MultiGet(std::vector<std::string>{"a", "b", "c"});
  CHECK(*values[0] == Found("1"));
  CHECK(*values[1] == Found("1"));
  CHECK(*values[2] == std::nullopt);
  CHECK(Scan(*before) == Content{{"a", "1"}, {"b", "1"}});
  CHECK(Scan(*LatestOf(engine)) == Content{{"a", "2"}, {"c", "2"}});
}

TEST_CASE("a snapshot can be read up to its maximum age, and fails with kAborted after it") {
  const EngineKind kind = AnyKind();
  CAPTURE(kind.name);
  absl::Time now = absl::UnixEpoch();
  const EngineUnderTest under_test = kind.make([&now] { return now; });
  Engine& engine = *under_test.engine;
  Apply(engine, Puts({{"a", "1"}}));
  auto snapshot = LatestOf(engine);

  now += kSnapshotAgeMax;
  CHECK(Get(*snapshot, "a") == Found("1"));
  auto fresh = LatestOf(engine);
  now += absl::Nanoseconds(1);
  CHECK(snapshot->Get("a").status().code() == absl::StatusCode::kAborted);
  auto values = snapshot->MultiGet(std::vector<std::string>{"a", "b"});
  REQUIRE(values.size() == 2);
  CHECK(values[0].status().code() == absl::StatusCode::kAborted);
  CHECK(values[1].status().code() == absl::StatusCode::kAborted);
  const auto visit = [](std::string_view, std::string_view) { return true; };
  CHECK(snapshot->Scan("", "", visit).code() == absl::StatusCode::kAborted);
  // Its age counts from Latest(), however old the commit is that it shows.
  CHECK(Get(*fresh, "a") == Found("1"));
}

TEST_CASE("a scan ends with kAborted when its snapshot grows too old on the way") {
  const EngineKind kind = AnyKind();
  CAPTURE(kind.name);
  absl::Time now = absl::UnixEpoch();
  const EngineUnderTest under_test = kind.make([&now] { return now; });
  Batch batch;
  for (int i = 0; i < 5000; ++i) batch.Put(std::to_string(i), "");
  Apply(*under_test.engine, batch);
  auto snapshot = LatestOf(*under_test.engine);
  int visited = 0;
  const absl::Status status = snapshot->Scan("", "", [&](std::string_view, std::string_view) {
    ++visited;
    now = absl::UnixEpoch() + 2 * kSnapshotAgeMax;
    return true;
  });
  CHECK(status.code() == absl::StatusCode::kAborted);
  CHECK(visited < 5000);
}

TEST_CASE("MultiGet answers each key in the order asked, repeated ones too") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}, {"b", ""}, {"c", "3"}}));
  auto snapshot = LatestOf(engine);
  CHECK(snapshot->MultiGet({}).empty());
  std::vector<Found> values;
  for (auto& value : snapshot->MultiGet(std::vector<std::string>{"c", "x", "a", "c", "", "b"})) {
    REQUIRE(value.ok());
    values.push_back(*value);
  }
  CHECK(values == std::vector<Found>{"3", std::nullopt, "1", "3", std::nullopt, ""});
}

TEST_CASE("MultiGet answers a thousand keys at once") {
  ON_EVERY_ENGINE();
  Batch batch;
  std::vector<std::string> keys;
  for (int i = 0; i < 2000; ++i) {
    keys.push_back(std::to_string((i * 7) % 2000));
    if (i % 2 == 0) batch.Put(std::to_string(i), "value of " + std::to_string(i));
  }
  Apply(engine, batch);
  auto values = LatestOf(engine)->MultiGet(keys);
  REQUIRE(values.size() == keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    REQUIRE(values[i].ok());
    const bool present = std::stoi(keys[i]) % 2 == 0;
    REQUIRE(*values[i] == (present ? Found("value of " + keys[i]) : std::nullopt));
  }
}

TEST_CASE("a scan shows the keys from begin on and before end, ascending") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}, {"b", "2"}, {"ba", "3"}, {"c", "4"}}));
  auto snapshot = LatestOf(engine);
  const Content all = {{"a", "1"}, {"b", "2"}, {"ba", "3"}, {"c", "4"}};
  CHECK(Scan(*snapshot) == all);
  CHECK(Scan(*snapshot, "a", "") == all);
  CHECK(Scan(*snapshot, "b", "c") == Content{{"b", "2"}, {"ba", "3"}});
  CHECK(Scan(*snapshot, "aa", "bb") == Content{{"b", "2"}, {"ba", "3"}});
  CHECK(Scan(*snapshot, "bb") == Content{{"c", "4"}});
  CHECK(Scan(*snapshot, "d").empty());
  CHECK(Scan(*snapshot, "", "a").empty());
  CHECK(Scan(*snapshot, "b", "b").empty());
  CHECK(Scan(*snapshot, "c", "a").empty());
}

TEST_CASE("a scan stops where the visitor says, and the visitor may read from the snapshot") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  auto snapshot = LatestOf(engine);
  Content seen;
  const absl::Status status = snapshot->Scan("", "", [&](std::string_view key, std::string_view) {
    seen.emplace_back(key, Get(*snapshot, key).value());
    return key < "b";
  });
  CHECK(status.ok());
  CHECK(seen == Content{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("of several writes of one key in a batch the last one wins") {
  ON_EVERY_ENGINE();
  Batch batch;
  batch.Put("a", "1");
  batch.Put("a", "2");
  batch.Put("b", "1");
  batch.Delete("b");
  batch.Delete("c");
  batch.Put("c", "3");
  Apply(engine, batch);
  CHECK(Scan(*LatestOf(engine)) == Content{{"a", "2"}, {"c", "3"}});
}

TEST_CASE("deleting a key that has no value changes nothing") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}}));
  Batch batch;
  batch.Delete("b");
  Apply(engine, batch);
  CHECK(Scan(*LatestOf(engine)) == Content{{"a", "1"}});
}

TEST_CASE("a batch whose expectations hold is applied") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}, {"empty", ""}}));
  Batch batch;
  batch.Expect("a", "1");
  batch.Expect("empty", "");
  batch.Expect("b", std::nullopt);
  batch.Put("b", "2");
  batch.Delete("a");
  Apply(engine, batch);
  CHECK(Scan(*LatestOf(engine)) == Content{{"b", "2"}, {"empty", ""}});
}

TEST_CASE("a batch of which an expectation does not hold is refused whole, naming the first") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}, {"empty", ""}}));
  Batch batch;
  batch.Expect("a", "1");
  size_t expected = 1;
  SECTION("another value") { batch.Expect("a", "2"); }
  SECTION("a value, where there is none") { batch.Expect("b", ""); }
  SECTION("none, where there is a value") { batch.Expect("empty", std::nullopt); }
  SECTION("of the state before the batch, not after it") { batch.Expect("new", "2"); }
  SECTION("the first of two") {
    batch.Expect("empty", "");
    batch.Expect("a", "2");
    batch.Expect("b", "2");
    expected = 2;
  }
  batch.Put("new", "2");
  batch.Put("a", "2");
  const CommitResult result = engine.Commit(batch);
  CHECK(result.outcome == Outcome::kRefused);
  CHECK(result.refused_expectation == expected);
  CHECK(Scan(*LatestOf(engine)) == Content{{"a", "1"}, {"empty", ""}});
}

TEST_CASE("a batch without writes only checks its expectations") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}}));
  Batch batch;
  Apply(engine, batch);
  batch.Expect("a", "1");
  Apply(engine, batch);
  batch.Expect("a", "2");
  CHECK(engine.Commit(batch).outcome == Outcome::kRefused);
  CHECK(Scan(*LatestOf(engine)) == Content{{"a", "1"}});
}

TEST_CASE("an applied commit is visible to every later Latest, in every thread") {
  ON_EVERY_ENGINE();
  constexpr int kThreads = 4, kIncrements = 50;
  std::atomic<bool> wrong = false;
  std::atomic<int> writing = kThreads;
  Apply(engine, Puts({{"count", "0"}, {"copy", "0"}}));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      int done = 0, applied = 0;
      while (done < kIncrements) {
        auto snapshot = engine.Latest();
        const int count = std::stoi(**(*snapshot)->Get("count"));
        if (count < applied) wrong = true;
        Batch batch;
        batch.Expect("count", std::to_string(count));
        batch.Put("count", std::to_string(count + 1));
        batch.Put("copy", std::to_string(count + 1));
        const CommitResult result = engine.Commit(batch);
        if (result.outcome == Outcome::kApplied) {
          ++done;
          applied = count + 1;
        } else if (result.outcome != Outcome::kRefused) {
          wrong = true;
          break;
        }
      }
      --writing;
    });
  }
  threads.emplace_back([&] {
    int last = 0;
    while (writing > 0) {
      // Atomic: no snapshot shows half of a batch.
      auto snapshot = engine.Latest();
      auto values = (*snapshot)->MultiGet(std::vector<std::string>{"count", "copy"});
      if (!values[0].ok() || *values[0] != *values[1]) wrong = true;
      const int count = std::stoi(**values[0]);
      if (count < last) wrong = true;
      last = count;
    }
  });
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(wrong);
  CHECK(Get(*LatestOf(engine), "count") == Found(std::to_string(kThreads * kIncrements)));
}

TEST_CASE("Recover has no effect on a healthy engine, whatever snapshots there are") {
  ON_EVERY_ENGINE();
  Apply(engine, Puts({{"a", "1"}}));
  auto snapshot = LatestOf(engine);
  CHECK(engine.Recover(absl::ZeroDuration()).ok());
  CHECK(Scan(*snapshot) == Content{{"a", "1"}});
  CHECK(Scan(*LatestOf(engine)) == Content{{"a", "1"}});
  Apply(engine, Puts({{"a", "2"}}));
}

TEST_CASE(
    "after an unknown outcome nothing is written and the state before is shown, "
    "until Recover decides") {
  ON_EVERY_ENGINE();
  if (!under_test.break_down) return;
  Apply(engine, Puts({{"a", "1"}}));
  under_test.break_down();
  const CommitResult unknown = engine.Commit(Puts({{"a", "2"}, {"b", "2"}}));
  REQUIRE(unknown.outcome == Outcome::kUnknown);
  CHECK(unknown.status.code() == absl::StatusCode::kUnavailable);
  CHECK(Scan(*LatestOf(engine)) == Content{{"a", "1"}});

  const CommitResult next = engine.Commit(Puts({{"c", "3"}}));
  CHECK(next.outcome == Outcome::kNotApplied);
  CHECK(next.status.code() == absl::StatusCode::kUnavailable);

  // While the fault lasts, Recover fails and may be called again; what can be read is the state
  // before.
  for (int i = 0; i < 2; ++i) {
    CHECK_FALSE(engine.Recover(absl::Seconds(10)).ok());
    CHECK(engine.Commit(Puts({{"c", "3"}})).outcome == Outcome::kNotApplied);
    if (auto snapshot = engine.Latest(); snapshot.ok()) {
      CHECK(Scan(**snapshot) == Content{{"a", "1"}});
    } else {
      CHECK(snapshot.status().code() == absl::StatusCode::kUnavailable);
    }
  }

  under_test.mend();
  const absl::Status recovered = engine.Recover(absl::Seconds(10));
  INFO(recovered.ToString());
  REQUIRE(recovered.ok());
  const Content decided = Scan(*LatestOf(engine));
  const bool whole = decided == Content{{"a", "2"}, {"b", "2"}};
  const bool nothing = decided == Content{{"a", "1"}};
  CHECK((whole || nothing));
  Apply(engine, Puts({{"c", "3"}}));
  CHECK(Get(*LatestOf(engine), "c") == Found("3"));
}

TEST_CASE("an engine agrees with a sorted map under random commits") {
  ON_EVERY_ENGINE();
  test::Random random("engine model");
  std::map<std::string, std::string> model;
  const auto random_key = [&] {
    std::string key(1 + random.Below(3), ' ');
    for (char& c : key) c = static_cast<char>(random.Below(5) * 60);
    return key;
  };
  for (int round = 0; round < 300; ++round) {
    Batch batch;
    std::optional<size_t> refused;
    for (size_t i = random.Below(3); i > 0; --i) {
      const std::string key = random_key();
      auto found = model.find(key);
      Found value = found == model.end() ? Found() : Found(found->second);
      if (random.Below(8) == 0) {
        value = "wrong";
        if (!refused) refused = batch.expectations.size();
      }
      batch.Expect(key, value);
    }
    auto after = model;
    for (size_t i = random.Below(6); i > 0; --i) {
      const std::string key = random_key();
      if (random.Below(3) == 0) {
        batch.Delete(key);
        after.erase(key);
      } else {
        const std::string value = std::to_string(random.Below(100));
        batch.Put(key, value);
        after[key] = value;
      }
    }
    const CommitResult result = engine.Commit(batch);
    REQUIRE(result.outcome == (refused ? Outcome::kRefused : Outcome::kApplied));
    if (refused) {
      REQUIRE(result.refused_expectation == *refused);
    } else {
      model = after;
    }
    auto snapshot = LatestOf(engine);
    REQUIRE(Scan(*snapshot) == Content(model.begin(), model.end()));
    const std::string begin = random_key(), end = random_key();
    if (begin < end) {
      REQUIRE(Scan(*snapshot, begin, end) ==
              Content(model.lower_bound(begin), model.lower_bound(end)));
    }
  }
}

}  // namespace
}  // namespace gusu::storage
