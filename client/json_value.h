// JSON (RFC 8259) read into values, strictly: names stand once in an object, text is UTF-8, and
// nothing follows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gusu/status.h"

namespace gusu {

inline constexpr size_t kJsonBytesMax = 64 << 20;

struct JsonMember;

struct JsonValue {
  enum class Kind { kNull, kFalse, kTrue, kNumber, kText, kList, kObject };
  Kind kind = Kind::kNull;
  std::string text;  // of kText; of kNumber as it is written
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // in their order
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

// kInvalidArgument / JSON_MALFORMED; metadata "at" is the byte's index.
Result<JsonValue> ParseJson(std::string_view json);

}  // namespace gusu
