#include "proto/handle/wire.h"

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::handle {

absl::Status Malformed(std::string_view field, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "HANDLE_MALFORMED",
               Concat("Handle message: ", field, " ", what),
               {{"field", std::string(field)}, {"fault", std::string(what)}});
}

std::string_view Reader::Raw(const char* field, size_t count) {
  if (count > rest_.size()) {
    Refuse(field, "is cut off");
    return {};
  }
  const std::string_view octets = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return octets;
}

uint8_t Reader::Byte(const char* field) {
  const std::string_view octets = Raw(field, 1);
  return octets.empty() ? 0 : static_cast<uint8_t>(octets[0]);
}

uint16_t Reader::Short(const char* field) {
  uint16_t number = 0;
  for (const char c : Raw(field, 2)) {
    number = static_cast<uint16_t>((number << 8) | static_cast<uint8_t>(c));
  }
  return number;
}

uint32_t Reader::Int(const char* field) {
  uint32_t number = 0;
  for (const char c : Raw(field, 4)) number = (number << 8) | static_cast<uint8_t>(c);
  return number;
}

std::string_view Reader::Bytes(const char* field, size_t bytes_max) {
  const uint32_t length = Int(field);
  if (length > bytes_max) {
    Refuse(field, "is longer than the protocol allows");
    return {};
  }
  return Raw(field, length);
}

void Reader::Refuse(const char* field, const char* what) {
  if (!ok()) return;
  fault_field_ = field;
  fault_ = what;
  rest_ = {};
}

void Reader::ExpectEnd(const char* field) {
  if (!rest_.empty()) Refuse(field, "is followed by bytes that belong to nothing");
}

absl::Status Reader::status() const {
  return ok() ? absl::OkStatus() : Malformed(fault_field_, fault_);
}

Writer& Writer::Raw(std::string_view octets) {
  ok_ = ok_ && octets.size() <= bytes_max_ && out_.size() <= bytes_max_ - octets.size();
  if (ok_) out_ += octets;
  return *this;
}

Writer& Writer::Byte(uint8_t number) {
  const char octet = static_cast<char>(number);
  return Raw({&octet, 1});
}

Writer& Writer::Short(uint16_t number) {
  const char octets[] = {static_cast<char>(number >> 8), static_cast<char>(number)};
  return Raw({octets, sizeof octets});
}

Writer& Writer::Int(uint32_t number) {
  const char octets[] = {static_cast<char>(number >> 24), static_cast<char>(number >> 16),
                         static_cast<char>(number >> 8), static_cast<char>(number)};
  return Raw({octets, sizeof octets});
}

Writer& Writer::Bytes(std::string_view octets) {
  // A length that does not fit in four bytes is beyond every message's bound as well.
  ok_ = ok_ && octets.size() <= UINT32_MAX;
  return Int(static_cast<uint32_t>(octets.size())).Raw(octets);
}

void Writer::PutInt(size_t at, uint32_t number) {
  if (!ok_) return;
  for (int i = 0; i < 4; ++i) out_[at + i] = static_cast<char>(number >> (24 - 8 * i));
}

}  // namespace gusu::handle
