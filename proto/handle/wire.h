// Reading and writing the Handle protocol's bytes: big-endian integers, and octets behind a length
// of four bytes.
//
// A Reader reads in place: what it gives out points into the bytes that it was made of. The first
// fault sticks, and everything read after it is zero or empty, so a decoder reads all its fields
// and asks once:
//
//   Reader reader(body);
//   const std::string_view handle = reader.Bytes("handle", kHandleBytesMax);
//   const uint32_t index = reader.Int("index");
//   GUSU_RETURN_IF_ERROR(reader.status());
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace gusu::handle {

// INVALID_ARGUMENT / HANDLE_MALFORMED: bytes are not what the protocol says. `field` and `what`
// make the message: "Handle message: value count 7 is more than ...".
absl::Status Malformed(std::string_view field, std::string_view what);

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  // `field` names what is read in the error; it outlives the reader.
  uint8_t Byte(const char* field);
  uint16_t Short(const char* field);
  uint32_t Int(const char* field);
  // A length of four bytes, and that many octets: at most `bytes_max`.
  std::string_view Bytes(const char* field, size_t bytes_max);
  // `count` octets without a length.
  std::string_view Raw(const char* field, size_t count);

  // What was not read yet; empty after a fault.
  std::string_view rest() const { return rest_; }
  bool ok() const { return fault_field_ == nullptr; }
  // A fault that the caller found in what it read.
  void Refuse(const char* field, const char* what);
  // Bytes that are left are a fault: `field` is what they would belong to.
  void ExpectEnd(const char* field);
  // OK, or HANDLE_MALFORMED for the first fault.
  absl::Status status() const;

 private:
  std::string_view rest_;
  const char* fault_field_ = nullptr;
  const char* fault_ = nullptr;
};

// Appends to a string of the caller, which keeps its capacity from message to message. Beyond
// `bytes_max` in all nothing more is written, and ok() is false.
class Writer {
 public:
  explicit Writer(std::string& out, size_t bytes_max = SIZE_MAX)
      : out_(out), bytes_max_(bytes_max) {}

  Writer& Byte(uint8_t number);
  Writer& Short(uint16_t number);
  Writer& Int(uint32_t number);
  Writer& Bytes(std::string_view octets);  // behind their length
  Writer& Raw(std::string_view octets);

  // Overwrites four bytes written before.
  void PutInt(size_t at, uint32_t number);
  size_t size() const { return out_.size(); }
  std::string_view Written(size_t from) const { return std::string_view(out_).substr(from); }
  bool ok() const { return ok_; }

 private:
  std::string& out_;
  size_t bytes_max_;
  bool ok_ = true;
};

}  // namespace gusu::handle
