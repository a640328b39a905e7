#include "proto/handle/admin_value.h"

#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

constexpr size_t kRightsCount = 12;
constexpr std::string_view kLegacyTail("\0\0", 2);

}  // namespace

std::string EncodeAdminValue(const AdminValue& value) {
  std::string data;
  Writer writer(data);
  writer.Short(value.rights);
  Write(writer, value.administrator);
  return data;
}

absl::StatusOr<AdminValue> DecodeAdminValue(std::string_view data) {
  Reader reader(data);
  AdminValue value;
  value.rights = reader.Short("administrator's rights");
  Read(reader, value.administrator);
  if (reader.rest() != kLegacyTail) reader.ExpectEnd("HS_ADMIN");
  GUSU_RETURN_IF_ERROR(reader.status());
  return value;
}

std::string RightsText(uint16_t rights) {
  std::string text;
  for (size_t bit = kRightsCount; bit-- > 0;) text += ((rights >> bit) & 1) != 0 ? '1' : '0';
  return text;
}

std::optional<uint16_t> RightsFromText(std::string_view text) {
  if (text.size() != kRightsCount) return std::nullopt;
  uint16_t rights = 0;
  for (const char c : text) {
    if (c != '0' && c != '1') return std::nullopt;
    rights = static_cast<uint16_t>((rights << 1) | (c - '0'));
  }
  return rights;
}

std::string EncodeVlist(std::span<const Reference> members) {
  std::string data;
  Writer writer(data);
  WriteList(writer, members);
  return data;
}

absl::StatusOr<ReferenceList> DecodeVlist(std::string_view data) {
  Reader reader(data);
  const ReferenceList members = ReadList<Reference>(reader, "list of members");
  reader.ExpectEnd("HS_VLIST");
  GUSU_RETURN_IF_ERROR(reader.status());
  return members;
}

}  // namespace gusu::handle
