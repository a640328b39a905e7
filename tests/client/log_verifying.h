// The log that the tests of verification read, and reading it.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/client/memory_log.h"

namespace gusu::test {

inline constexpr size_t kRegistrations = 700;
// Of MemoryLog::Small: five leaves, then registrations, then three leaves of one record.
inline constexpr uint64_t kFirst = 5;
inline constexpr uint64_t kErasedLeaf = kFirst + kRegistrations;
inline constexpr uint64_t kUpdate = kErasedLeaf + 1;
inline constexpr uint64_t kErasure = kErasedLeaf + 2;
inline constexpr uint64_t kSize = kErasedLeaf + 3;

inline LogVerdict Verify(MemoryLog& log, bool content = true, const std::string& earlier = "") {
  LogVerificationOptions options;
  options.vkeys = {log.vkey()};
  options.content = content;
  options.earlier_checkpoint = earlier;
  Result<LogVerdict> verdict = VerifyLog(log, options);
  REQUIRE(verdict.ok());
  return *std::move(verdict);
}

using Found = std::vector<std::string>;

}  // namespace gusu::test
