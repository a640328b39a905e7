// `KEY=VALUE` as the command line and import headings write values.
//
// KEY is a template attribute's name or a Handle type (`serial`, `URL`), or an index and a type
// (`1:URL`). VALUE may be anything, `=` included; `@FILE` stands for a file's content and `@@` for
// a leading `@`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/cli/failure.h"

namespace gusu::cli {

inline constexpr size_t kValueBytesMax = 64 * 1024;
inline constexpr size_t kTypeBytesMax = 255;

enum class ValueTier { kDefault, kPublic, kPartner, kOwner };

struct ValueKey {
  uint32_t index = 0;  // 0: the server gives the one that the type has
  std::string type;
  ValueTier tier = ValueTier::kDefault;
};

struct KeyValue {
  ValueKey key;
  std::string data;
};

// `name`, `1:URL`.
OrFailure<ValueKey> ParseValueKey(std::string_view text);
// Also `public:name`, `partner:2003:cost`, `owner:cost`: an import's heading.
OrFailure<ValueKey> ParseColumnHeading(std::string_view text);
// `name=Pump`, `1:URL=https://…`, `photo=@photo.txt`. Reads the file when one is named.
OrFailure<KeyValue> ParseKeyValue(std::string_view text);

// Decimal digits only, no sign, no space; false when it does not fit.
bool ParseNumber(std::string_view text, uint64_t* number);

}  // namespace gusu::cli
