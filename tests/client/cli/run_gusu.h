// The command line within a test.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "client/cli/program.h"

namespace gusu::cli {

struct Ran {
  int exit_code;
  std::string out;
  std::string err;
};

// `gusu` with these words.
inline Ran Run(const std::vector<std::string>& words) {
  std::vector<const char*> argv = {"gusu"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::ostringstream out, err;
  const int exit_code = RunProgram(static_cast<int>(argv.size()), argv.data(), out, err);
  return {exit_code, out.str(), err.str()};
}

}  // namespace gusu::cli
