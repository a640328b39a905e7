// The three policies of trying again.
#include <catch2/catch.hpp>

#include "client/connection/retry.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

TEST_CASE("pauses are random, below a bound that doubles up to its limit, and starts anew") {
  Random random("backoff");
  RetryOptions options;
  options.backoff_initial = std::chrono::milliseconds(50);
  options.backoff_max = std::chrono::milliseconds(400);
  for (int round = 0; round < 200; ++round) {
    Backoff backoff(options, random.engine()());
    for (int bound_ms : {50, 100, 200, 400, 400, 400}) {
      CHECK(backoff.Next() <= std::chrono::milliseconds(bound_ms));
    }
    backoff.Reset();
    CHECK(backoff.Next() <= std::chrono::milliseconds(50));
  }
}

TEST_CASE("the same seed gives the same pauses, and pauses use their whole range") {
  RetryOptions options;
  Backoff first(options, 7), second(options, 7);
  std::chrono::milliseconds longest{0};
  for (int i = 0; i < 200; ++i) {
    const auto pause = first.Next();
    CHECK(pause == second.Next());
    longest = std::max(longest, pause);
  }
  CHECK(longest > options.backoff_max * 3 / 4);
}

TEST_CASE("only errors that pass by themselves are worth another try") {
  const auto retryable = [](StatusCode code, const char* reason) {
    return IsRetryable(Status{code, "", reason, {}});
  };
  CHECK(retryable(StatusCode::kUnavailable, "COMMIT_OUTCOME_UNKNOWN"));
  CHECK(retryable(StatusCode::kUnavailable, "SERVER_UNREACHABLE"));
  CHECK(retryable(StatusCode::kResourceExhausted, "WRITE_QUEUE_FULL"));
  CHECK(retryable(StatusCode::kResourceExhausted, "RATE_LIMITED"));
  CHECK(retryable(StatusCode::kCancelled, ""));
  CHECK(!retryable(StatusCode::kCancelled, "OF_THE_SERVER"));
  CHECK(!retryable(StatusCode::kResourceExhausted, "QUOTA_EXHAUSTED"));
  CHECK(!retryable(StatusCode::kAborted, "ETAG_MISMATCH"));
  CHECK(!retryable(StatusCode::kDeadlineExceeded, ""));
  CHECK(!retryable(StatusCode::kUnknownOutcome, ""));
}

TEST_CASE("tries end by count, and when the pause would pass the deadline") {
  const auto now = TryLimit::Clock::now();
  TryLimit by_count(now + std::chrono::hours(1), 3);
  CHECK(by_count.MayTryAgain({}));
  CHECK(by_count.MayTryAgain({}));
  CHECK(!by_count.MayTryAgain({}));
  TryLimit by_time(now + std::chrono::hours(1), 3);
  CHECK(!by_time.MayTryAgain(std::chrono::hours(2)));
}

}  // namespace
}  // namespace gusu::test
