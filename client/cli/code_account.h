// A list of codes, as a delivery note or a scanner has it, and the account of what became of each.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/session.h"

namespace gusu::cli {

// More are refused: a list is held in memory.
inline constexpr size_t kCodesMax = 1'000'000;

struct CodeRow {
  uint64_t line = 0;  // from 1; 0: the code is on no line of the list
  std::string identifier;
  // What became of it, in one word; empty until then.
  std::string outcome;
  std::string transfer;  // transfers/{id}, where one is concerned
  std::string message;   // more about the outcome
};

// A code a line, spaces around it and empty lines not counted. A line above 4096 bytes is cut, and
// so refused by the registry.
OrFailure<std::vector<CodeRow>> ReadCodes(std::istream& in);
// Of a file, or of standard input for `-`.
OrFailure<std::vector<CodeRow>> ReadCodesFile(const std::string& path);

// Identifiers that are one code have one key: ASCII letters in upper case.
std::string CodeKey(const std::string& identifier);

// With --json every row as an object a line; else a table of the rows whose outcome is none of
// `good`, then how many there are of each outcome. All rows go to `csv_path` too, when it is not
// empty.
MaybeFailure PrintAccount(Session& session, const std::vector<CodeRow>& rows,
                          const std::vector<std::string>& good, const std::string& csv_path);

}  // namespace gusu::cli
