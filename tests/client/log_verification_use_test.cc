// What verification is given, and what it does while the registry goes on.
#include <algorithm>
#include <catch2/catch.hpp>

#include "client/audit/growing_tiles.h"
#include "proto/base64.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "tests/client/log_verifying.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

TEST_CASE("verification ends when it has found as many differences as were asked for") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  for (uint64_t leaf = 10; leaf < 40; ++leaf) log.leaves[leaf].salt[0] ^= 1;
  LogVerificationOptions options;
  options.vkeys = {log.vkey()};
  options.content = true;
  options.differences_max = 3;
  const Result<LogVerdict> verdict = VerifyLog(log, options);
  REQUIRE(verdict.ok());
  CHECK(verdict->differences.size() == 3);
  CHECK(verdict->leaves_count < kSize);
}

TEST_CASE("the log must extend a checkpoint known from before") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  for (const uint64_t size : {uint64_t{0}, uint64_t{1}, uint64_t{300}, kSize}) {
    const LogVerdict verdict = Verify(log, false, log.SignedCheckpoint(size, log.signer()));
    CHECK(verdict.differences == Found{});
    CHECK(verdict.earlier_size == size);
  }
  MemoryLog forked = MemoryLog::Small(kRegistrations);
  forked.leaves[200].leaf[40] ^= 1;
  Found found = Verify(log, false, forked.SignedCheckpoint(300, log.signer())).differences;
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("earlier checkpoint of 300 leaves: its root is ") == 0);
  MemoryLog longer = MemoryLog::Small(kRegistrations + 1);
  found = Verify(log, false, longer.checkpoint).differences;
  CHECK(found == Found{"checkpoint: the log has 708 leaves, and the earlier one has 709"});
}

TEST_CASE("what the caller gives must be in order: a key, an earlier checkpoint") {
  MemoryLog log = MemoryLog::Small(0);
  LogVerificationOptions options;
  options.vkeys = {"registry.example/log1+00000000+AQ=="};
  CHECK(VerifyLog(log, options).status().reason == "KEY_MALFORMED");
  options.vkeys = {log.vkey()};
  options.earlier_checkpoint = "nothing";
  CHECK(VerifyLog(log, options).status().code == StatusCode::kInvalidArgument);
}

TEST_CASE("a source that cannot be reached is an error, not a difference") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  log.rows_status = {StatusCode::kUnavailable, "gone", "SERVER_UNREACHABLE", {}};
  LogVerificationOptions options;
  options.vkeys = {log.vkey()};
  options.content = true;
  const Result<LogVerdict> verdict = VerifyLog(log, options);
  REQUIRE_FALSE(verdict.ok());
  CHECK(verdict.status() == log.rows_status);
}

TEST_CASE("a registrant's view is checked as far as it is shown") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  for (auto& leaf : log.leaves) {
    if (leaf.change.resource.find("88.118.9a") == std::string::npos) leaf.opening = leaf.salt = "";
  }
  const LogVerdict verdict = Verify(log, false);
  CHECK(verdict.differences == Found{});
  CHECK(verdict.openings_count == 235);  // every third registration, and the prefix itself
  // A withheld change shows in the sequence numbers of the prefix.
  log.leaves[8].opening = log.leaves[8].salt = "";
  CHECK(Verify(log, false).differences ==
        Found{"leaf 11 (88.118.9a/HP-6): its sequence number in 88.118.9A is 4, "
              "and 3 is due"});
}

TEST_CASE("what the registry does while it is verified is no difference") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  const uint64_t size = log.leaves.size();
  // Between the checkpoint and the listing.
  log.Write("88.118.8", "HP-1", {"PUBLIC"});
  const uint64_t added = log.Write("88.118.8", "NEW-1", {"PUBLIC"});
  log.Erase(added, "PUBLIC");
  log.Erase(kUpdate, "PUBLIC");
  // After it, and with a later checkpoint.
  log.after_rows = [](MemoryLog& later) {
    later.Write("88.118.8", "HP-2", {"OWNER"});
    later.Publish();
  };
  const LogVerdict verdict = Verify(log);
  CHECK(verdict.differences == Found{});
  CHECK(verdict.checkpoint.tree_size == size);
  CHECK(verdict.rows_count == size + 1);
}

TEST_CASE("a store that has moved on still has to fit, and so does the later checkpoint") {
  MemoryLog log = MemoryLog::Small(kRegistrations);
  log.Write("88.118.8", "HP-1", {"PUBLIC"});
  log.CountersOf("88.118.8").record_count += 1;
  MemoryLog forked = log;
  log.after_rows = [](MemoryLog& later) { later.Publish(); };
  CHECK(Verify(log).differences ==
        Found{"prefixes/88.118.8: the store counts 468 records, and the log has 467"});
  forked.after_rows = [](MemoryLog& later) {
    later.Publish();
    later.leaves.back().salt[0] ^= 1;
    later.leaves.back().leaf[40] ^= 1;
  };
  const Found found = Verify(forked).differences;
  REQUIRE(found.size() >= 2);
  CHECK(found[0] == "leaf 708 (88.118.8/HP-1): its opening and salt do not open it");
  CHECK(found[1].find("root: 709 leaves hash to ") == 0);
}

}  // namespace
}  // namespace gusu::test
