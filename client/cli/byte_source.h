// Bytes of a stream one after another, of which a fault of the disk is told instead of thrown.
#pragma once

#include <cstdint>
#include <istream>

namespace gusu::cli {

class ByteSource {
 public:
  static constexpr int kEnd = std::istream::traits_type::eof();

  explicit ByteSource(std::istream& in) : in_(in) {}  // not owned

  // The next byte, 0 to 255; kEnd behind the last one, and from a fault on.
  int Peek();
  int Take();
  // A fault came: what was read is not all there is, and what was read last may be a part.
  bool is_bad() const { return in_.bad(); }
  uint64_t bytes_taken() const { return bytes_taken_; }

 private:
  std::istream& in_;
  uint64_t bytes_taken_ = 0;
};

}  // namespace gusu::cli
