// A file that a command was told to write.
#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "client/cli/failure.h"

namespace gusu::cli {

// A file that appears, or takes the place of one, when all of it is there: until then its bytes go
// to PATH.part beside it. A directory that does not exist is not made; a link stays one, and what
// it leads to is written. Directories, devices and pipes are refused.
class OutputFile {
 public:
  explicit OutputFile(std::string path);
  ~OutputFile();  // leaves nothing but what was there before, unless Finish was called
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // False once it cannot be written: failure() tells why, and Finish will.
  bool Append(std::string_view bytes);
  const MaybeFailure& failure() const { return failure_; }
  MaybeFailure Finish();

 private:
  bool Check(bool is_good);

  const std::string path_;  // as it was given
  std::string place_, part_;
  std::ofstream file_;
  MaybeFailure failure_;
};

// Writes the whole file, or leaves what was there: never a part.
MaybeFailure WriteOutputFile(const std::string& path, std::string_view content);

}  // namespace gusu::cli
