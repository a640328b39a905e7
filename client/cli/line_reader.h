// Lines of bounded length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>

#include "client/cli/byte_source.h"

namespace gusu::cli {

struct Line {
  uint64_t number = 0;  // from 1
  std::string text;     // without its line end, LF or CRLF
  bool cut = false;     // it was longer than the bound; the rest was skipped
};

class LineReader {
 public:
  LineReader(std::istream& in, size_t bytes_max)
      : bytes_(in), bytes_max_(bytes_max) {}  // not owned

  // False at the end, and where the stream cannot be read on, which is bad() then. Of a byte order
  // mark at the beginning nothing is seen.
  bool Next(Line* line);
  uint64_t bytes_read() const { return bytes_.bytes_taken(); }

 private:
  ByteSource bytes_;
  size_t bytes_max_;
  uint64_t lines_count_ = 0;
};

}  // namespace gusu::cli
