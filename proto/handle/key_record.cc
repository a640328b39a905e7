#include "proto/handle/key_record.h"

#include <array>
#include <cstdint>

#include "proto/handle/wire.h"
#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

constexpr size_t kTypeBytesMax = 64;
constexpr size_t kNumberBytesMax = 1'024 + 1;

// Other tools leave room for one number more behind a public key.
constexpr std::string_view kSpareLength("\0\0\0\0", 4);

struct Form {
  std::string_view type;
  size_t numbers;
  bool has_flags;
};
constexpr std::array kForms = {
    Form{kRsaPublicType, 2, true},   Form{kDsaPublicType, 4, true},
    Form{kRsaPrivateType, 8, false}, Form{kRsaShortPrivateType, 2, false},
    Form{kDsaPrivateType, 4, false},
};

const Form* FormOf(std::string_view type) {
  for (const Form& form : kForms) {
    if (form.type == type) return &form;
  }
  return nullptr;
}

std::string ReadNumber(Reader& reader) {
  std::string_view octets = reader.Bytes("number of a key", kNumberBytesMax);
  if (!octets.empty() && (static_cast<uint8_t>(octets[0]) & 0x80) != 0) {
    reader.Refuse("number of a key", "is negative");
  }
  octets.remove_prefix(std::min(octets.find_first_not_of('\0'), octets.size()));
  if (octets.empty()) reader.Refuse("number of a key", "is zero");
  return std::string(octets);
}

void WriteNumber(Writer& writer, std::string_view number) {
  const bool needs_sign = !number.empty() && (static_cast<uint8_t>(number[0]) & 0x80) != 0;
  writer.Int(static_cast<uint32_t>(number.size() + (needs_sign ? 1 : 0)));
  if (needs_sign) writer.Byte(0);
  writer.Raw(number);
}

}  // namespace

absl::StatusOr<KeyRecord> DecodeKeyRecord(std::string_view bytes) {
  Reader reader(bytes);
  KeyRecord record;
  record.type = std::string(reader.Bytes("key type", kTypeBytesMax));
  const Form* form = FormOf(record.type);
  if (form == nullptr) {
    reader.Refuse("key type", "is none that is known");
    return reader.status();
  }
  if (form->has_flags) reader.Short("key flags");
  for (size_t i = 0; i < form->numbers && reader.ok(); ++i) {
    record.numbers.push_back(ReadNumber(reader));
  }
  if (!form->has_flags || reader.rest() != kSpareLength) reader.ExpectEnd("key");
  GUSU_RETURN_IF_ERROR(reader.status());
  return record;
}

std::string EncodeKeyRecord(const KeyRecord& record) {
  std::string bytes;
  Writer writer(bytes);
  writer.Bytes(record.type);
  const Form* form = FormOf(record.type);
  if (form != nullptr && form->has_flags) writer.Short(0);
  for (const std::string& number : record.numbers) WriteNumber(writer, number);
  return bytes;
}

}  // namespace gusu::handle
