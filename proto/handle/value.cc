#include "proto/handle/value.h"

#include <algorithm>

namespace gusu::handle {
namespace {

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool SameText(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char left, char right) { return Upper(left) == Upper(right); });
}

}  // namespace

void Read(Reader& reader, Reference& reference) {
  reference.handle = reader.Bytes("a reference's handle", kHandleBytesMax);
  reference.index = reader.Int("a reference's index");
}

void Write(Writer& writer, const Reference& reference) {
  writer.Bytes(reference.handle).Int(reference.index);
}

void Read(Reader& reader, Value& value) {
  value.index = reader.Int("a value's index");
  value.timestamp_s = reader.Int("a value's timestamp");
  value.ttl_type = static_cast<TtlType>(reader.Byte("a value's ttl type"));
  if (value.ttl_type > TtlType::kAbsolute)
    reader.Refuse("a value's ttl type", "is neither 0 nor 1");
  value.ttl = reader.Int("a value's ttl");
  value.permissions = reader.Byte("a value's permissions");
  value.type = reader.Bytes("a value's type", kHandleBytesMax);
  value.data = reader.Bytes("a value's data", kValueDataBytesMax);
  value.references = ReadList<Reference>(reader, "a value's list of references");
}

void Write(Writer& writer, const Value& value) {
  writer.Int(value.index)
      .Int(value.timestamp_s)
      .Byte(static_cast<uint8_t>(value.ttl_type))
      .Int(value.ttl)
      .Byte(value.permissions)
      .Bytes(value.type)
      .Bytes(value.data);
  WriteList(writer, value.references);
}

bool AsksForType(std::string_view requested, std::string_view type) {
  if (requested.ends_with('.') && type.size() > requested.size()) {
    return SameText(requested, type.substr(0, requested.size()));
  }
  return SameText(requested, type);
}

}  // namespace gusu::handle
