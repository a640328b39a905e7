#include "client/json_value.h"

#include <algorithm>
#include <cstdint>

#include "proto/utf8.h"

namespace gusu {
namespace {

// Deeper than anything that we write.
constexpr int kDepthMax = 32;
constexpr size_t kMembersMax = 256;  // of an object

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(uint32_t character, std::string& text) {
  if (character < 0x80) {
    text += static_cast<char>(character);
    return;
  }
  const int more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
  constexpr uint32_t kLeads[] = {0, 0xc0, 0xe0, 0xf0};
  text += static_cast<char>(kLeads[more] | character >> (6 * more));
  for (int i = more - 1; i >= 0; --i) {
    text += static_cast<char>(0x80 | (character >> (6 * i) & 0x3f));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view json) : json_(json) {}

  // False when the text is at fault, at `at()`.
  bool Parse(JsonValue& value) {
    if (!ParseValue(value, 0)) return false;
    SkipSpace();
    return at_ == json_.size();
  }
  size_t at() const { return at_; }

 private:
  bool ParseValue(JsonValue& value, int depth) {
    SkipSpace();
    if (at_ == json_.size() || depth > kDepthMax) return false;
    switch (json_[at_]) {
      case '{':
        return ParseObject(value, depth);
      case '[':
        return ParseList(value, depth);
      case '"':
        value.kind = JsonValue::Kind::kText;
        return ParseText(value.text);
      case 't':
        return TakeWord("true", JsonValue::Kind::kTrue, value);
      case 'f':
        return TakeWord("false", JsonValue::Kind::kFalse, value);
      case 'n':
        return TakeWord("null", JsonValue::Kind::kNull, value);
      default:
        return ParseNumber(value);
    }
  }

  bool ParseObject(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::kObject;
    ++at_;
    if (TakeAfterSpace('}')) return true;
    do {
      SkipSpace();
      std::string name;
      if (!ParseText(name) || !TakeAfterSpace(':')) return false;
      if (value.members.size() == kMembersMax) return false;
      for (const JsonMember& member : value.members) {
        if (member.name == name) return false;
      }
      value.members.push_back({std::move(name), {}});
      if (!ParseValue(value.members.back().value, depth + 1)) return false;
    } while (TakeAfterSpace(','));
    return TakeAfterSpace('}');
  }

  bool ParseList(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::kList;
    ++at_;
    if (TakeAfterSpace(']')) return true;
    do {
      if (!ParseValue(value.items.emplace_back(), depth + 1)) return false;
    } while (TakeAfterSpace(','));
    return TakeAfterSpace(']');
  }

  bool ParseText(std::string& text) {
    if (!Take('"')) return false;
    while (at_ < json_.size() && json_[at_] != '"') {
      if (json_[at_] == '\\') {
        if (!ParseEscape(text)) return false;
        continue;
      }
      std::string_view rest = json_.substr(at_);
      const std::optional<char32_t> character = TakeCharacter(rest);
      if (!character || *character < 0x20) return false;
      const size_t end = json_.size() - rest.size();
      text += json_.substr(at_, end - at_);
      at_ = end;
    }
    return Take('"');
  }

  bool ParseEscape(std::string& text) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (at_ + 1 >= json_.size()) return false;
    const char name = json_[at_ + 1];
    if (const size_t known = kNames.find(name); known != kNames.npos) {
      text += kMeanings[known];
      at_ += 2;
      return true;
    }
    uint32_t character = 0;
    if (!ParseCodeUnit(character)) return false;
    if (character >= 0xd800 && character < 0xdc00) {
      uint32_t low = 0;
      if (!ParseCodeUnit(low) || low < 0xdc00 || low > 0xdfff) return false;
      character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
    } else if (character >= 0xdc00 && character <= 0xdfff) {
      return false;
    }
    AppendUtf8(character, text);
    return true;
  }

  // \u and four digits.
  bool ParseCodeUnit(uint32_t& unit) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (json_.substr(at_, 2) != "\\u" || json_.size() - at_ < 6) return false;
    for (const char c : json_.substr(at_ + 2, 4)) {
      const size_t digit = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (digit == kDigits.npos) return false;
      unit = unit << 4 | static_cast<uint32_t>(digit);
    }
    at_ += 6;
    return true;
  }

  bool ParseNumber(JsonValue& value) {
    value.kind = JsonValue::Kind::kNumber;
    const size_t begin = at_;
    Take('-');
    if (!Take('0') && !TakeDigits()) return false;
    if (Take('.') && !TakeDigits()) return false;
    if (Take('e') || Take('E')) {
      if (!Take('-')) Take('+');
      if (!TakeDigits()) return false;
    }
    value.text = std::string(json_.substr(begin, at_ - begin));
    return true;
  }

  bool TakeDigits() {
    const size_t begin = at_;
    while (at_ < json_.size() && IsDigit(json_[at_])) ++at_;
    return at_ > begin;
  }
  bool TakeWord(std::string_view word, JsonValue::Kind kind, JsonValue& value) {
    if (json_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    value.kind = kind;
    return true;
  }
  bool Take(char c) {
    if (at_ == json_.size() || json_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool TakeAfterSpace(char c) {
    SkipSpace();
    return Take(c);
  }
  void SkipSpace() { at_ = std::min(json_.find_first_not_of(" \t\r\n", at_), json_.size()); }

  const std::string_view json_;
  size_t at_ = 0;
};

}  // namespace

Result<JsonValue> ParseJson(std::string_view json) {
  if (json.size() > kJsonBytesMax) {
    return Status{StatusCode::kInvalidArgument,
                  "JSON of more than " + std::to_string(kJsonBytesMax) + " bytes",
                  "JSON_MALFORMED",
                  {{"at", std::to_string(kJsonBytesMax)}}};
  }
  JsonValue value;
  Parser parser(json);
  if (parser.Parse(value)) return value;
  const std::string at = std::to_string(parser.at());
  return Status{
      StatusCode::kInvalidArgument, "not JSON, at byte " + at, "JSON_MALFORMED", {{"at", at}}};
}

}  // namespace gusu
