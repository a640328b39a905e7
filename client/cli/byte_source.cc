#include "client/cli/byte_source.h"

namespace gusu::cli {

int ByteSource::Peek() {
  if (is_bad()) return kEnd;
  try {
    return in_.rdbuf()->sgetc();
  } catch (const std::ios_base::failure&) {  // the library's word for a read that failed
    in_.setstate(std::ios_base::badbit);
    return kEnd;
  }
}

int ByteSource::Take() {
  const int c = Peek();
  if (c == kEnd) return kEnd;
  in_.rdbuf()->sbumpc();  // from the buffer, which has it
  ++bytes_taken_;
  return c;
}

}  // namespace gusu::cli
