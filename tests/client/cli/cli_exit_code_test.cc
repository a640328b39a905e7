#include <catch2/catch.hpp>
#include <sstream>

#include "client/cli/exit_code.h"

namespace gusu::cli {
namespace {

TEST_CASE("every code of the library has its exit code") {
  const std::pair<StatusCode, int> expected[] = {
      {StatusCode::kOk, 0},
      {StatusCode::kCancelled, 6},
      {StatusCode::kUnknown, 6},
      {StatusCode::kInvalidArgument, 2},
      {StatusCode::kDeadlineExceeded, 6},
      {StatusCode::kNotFound, 3},
      {StatusCode::kAlreadyExists, 5},
      {StatusCode::kPermissionDenied, 4},
      {StatusCode::kResourceExhausted, 4},
      {StatusCode::kFailedPrecondition, 4},
      {StatusCode::kAborted, 5},
      {StatusCode::kOutOfRange, 2},
      {StatusCode::kUnimplemented, 4},
      {StatusCode::kInternal, 6},
      {StatusCode::kUnavailable, 6},
      {StatusCode::kDataLoss, 6},
      {StatusCode::kUnauthenticated, 4},
      {StatusCode::kUnknownOutcome, 7},
  };
  for (const auto& [code, exit_code] : expected) {
    CAPTURE(ToText(code));
    CHECK(static_cast<int>(ToExitCode({code, "", "", {}})) == exit_code);
  }
}

TEST_CASE("a failure is a line, and a hint where one helps") {
  const Failure failure =
      ToFailure({StatusCode::kInvalidArgument, "no /\nin it", "IDENTIFIER_MALFORMED", {}},
                "127.0.0.1:7440", true);
  std::ostringstream out, err;
  PrintFailure(failure, false, out, err);
  CHECK(out.str().empty());
  CHECK(err.str() ==
        "gusu: IDENTIFIER_MALFORMED: no /\\nin it\n"
        "  a code is PREFIX/SUFFIX, as 88.118.8/HP-1\n");
}

TEST_CASE("without a CA, an unreachable server leads to gusu trust") {
  const Status status{StatusCode::kUnavailable, "no connection", "SERVER_UNREACHABLE", {}};
  CHECK(ToFailure(status, "r:1", false).hint ==
        "if the server is up, trust its CA first: gusu trust --server r:1");
  CHECK(ToFailure(status, "r:1", true).hint ==
        "is gusud running at r:1, and is its CA the one that is trusted here?");
}

TEST_CASE("an unknown outcome tells how to repeat the request") {
  const Status status{
      StatusCode::kUnknownOutcome, "cut", "OUTCOME_UNKNOWN", {{"request_id", "r1"}}};
  const Failure failure = ToFailure(status, "r:1", true);
  CHECK(failure.exit_code == ExitCode::kOutcomeUnknown);
  CHECK(failure.hint == "repeat the same command with --request-id r1");
}

TEST_CASE("for programs a failure is an object on standard output") {
  const Failure failure{
      ExitCode::kNotFound, "IDENTIFIER_NOT_FOUND", "not \xFF there", "", {{"identifier", "88/1"}}};
  std::ostringstream out, err;
  PrintFailure(failure, true, out, err);
  CHECK(err.str().empty());
  CHECK(out.str() == R"({"error":{"reason":"IDENTIFIER_NOT_FOUND","message":"not )"
                     "\uFFFD"
                     R"( there","metadata":{"identifier":"88/1"},"exit_code":3}})"
                     "\n");
}

TEST_CASE("what was told already is not told again") {
  std::ostringstream out, err;
  PrintFailure(ToldFailure(ExitCode::kNegative), true, out, err);
  PrintFailure(ToldFailure(ExitCode::kNegative), false, out, err);
  CHECK((out.str() + err.str()).empty());
}

}  // namespace
}  // namespace gusu::cli
