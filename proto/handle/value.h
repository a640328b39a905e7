// A value of a Handle record, as it is on the wire.
#pragma once

#include <cstdint>
#include <string_view>

#include "proto/handle/wire_list.h"

namespace gusu::handle {

// Permissions of a value; JSON writes them as four binary digits, kAdminRead first.
inline constexpr uint8_t kAdminRead = 8;
inline constexpr uint8_t kAdminWrite = 4;
inline constexpr uint8_t kPublicRead = 2;
inline constexpr uint8_t kPublicWrite = 1;
inline constexpr uint8_t kDefaultPermissions = kAdminRead | kAdminWrite | kPublicRead;
inline constexpr uint32_t kDefaultTtlSeconds = 86'400;
inline constexpr size_t kValueDataBytesMax = kMessageBytesMax;

// A value of a record; also who an administrator is, and a member of an administrators' group.
struct Reference {
  std::string_view handle;
  uint32_t index = 0;
  bool operator==(const Reference&) const = default;
};
void Read(Reader& reader, Reference& reference);
void Write(Writer& writer, const Reference& reference);
using ReferenceList = WireList<Reference>;

enum class TtlType : uint8_t {
  kRelative = 0,  // seconds from when it was read
  kAbsolute = 1,  // Unix time
};

struct Value {
  uint32_t index = 0;
  uint32_t timestamp_s = 0;  // Unix time of the last change
  TtlType ttl_type = TtlType::kRelative;
  uint32_t ttl = kDefaultTtlSeconds;
  uint8_t permissions = kDefaultPermissions;
  std::string_view type;
  std::string_view data;
  ReferenceList references;
};
// Another ttl type than the two is a fault, since its ttl would mean nothing.
void Read(Reader& reader, Value& value);
void Write(Writer& writer, const Value& value);
using ValueList = WireList<Value>;

// Whether a requested type asks for values of `type`: the same, or one that ends in "." and begins
// it ("a." asks for "a.b"). Types compare without regard to ASCII case.
bool AsksForType(std::string_view requested, std::string_view type);

}  // namespace gusu::handle
