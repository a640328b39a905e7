#include "client/cli/key_value.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <utility>

namespace gusu::cli {
namespace {

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

OrFailure<std::string> ReadValueFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return FileFailure("cannot read " + path);
  std::string data(kValueBytesMax + 1, '\0');
  file.read(data.data(), static_cast<std::streamsize>(data.size()));
  if (file.bad()) return FileFailure("cannot read " + path);
  data.resize(static_cast<size_t>(file.gcount()));
  if (data.size() > kValueBytesMax) {
    return UsageFailure(path + " is larger than 64 KiB, the most that a value may have");
  }
  return data;
}

}  // namespace

bool ParseNumber(std::string_view text, uint64_t* number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && stop == end && !text.empty();
}

OrFailure<ValueKey> ParseValueKey(std::string_view text) {
  ValueKey key;
  std::string_view type = text;
  const size_t colon = text.find(':');
  uint64_t index = 0;
  if (colon != std::string_view::npos && ParseNumber(text.substr(0, colon), &index)) {
    if (index == 0 || index > UINT32_MAX) {
      return UsageFailure("the index in " + Quoted(text) + " is not between 1 and 4294967295");
    }
    key.index = static_cast<uint32_t>(index);
    type = text.substr(colon + 1);
  }
  if (type.empty()) return UsageFailure(Quoted(text) + " names no type");
  if (type.size() > kTypeBytesMax) {
    return UsageFailure("the type in " + Quoted(text.substr(0, 40)) + " is longer than 255 bytes");
  }
  key.type = std::string(type);
  return key;
}

OrFailure<ValueKey> ParseColumnHeading(std::string_view text) {
  static constexpr std::pair<std::string_view, ValueTier> kTiers[] = {
      {"public:", ValueTier::kPublic},
      {"partner:", ValueTier::kPartner},
      {"owner:", ValueTier::kOwner}};
  for (const auto& [beginning, tier] : kTiers) {
    if (!text.starts_with(beginning)) continue;
    OrFailure<ValueKey> key = ParseValueKey(text.substr(beginning.size()));
    if (key.ok()) key->tier = tier;
    return key;
  }
  return ParseValueKey(text);
}

OrFailure<KeyValue> ParseKeyValue(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return UsageFailure(Quoted(text) + " is not KEY=VALUE",
                        "for example name=Pump, 1:URL=https://example.com or note=@note.txt");
  }
  OrFailure<ValueKey> key = ParseValueKey(text.substr(0, equals));
  if (!key.ok()) return key.failure();
  KeyValue value{std::move(*key), std::string(text.substr(equals + 1))};
  if (value.data.starts_with("@@")) {
    value.data.erase(0, 1);
  } else if (value.data.starts_with("@")) {
    OrFailure<std::string> content = ReadValueFile(value.data.substr(1));
    if (!content.ok()) return content.failure();
    value.data = std::move(*content);
  }
  if (value.data.size() > kValueBytesMax) {
    return UsageFailure("the value of " + Quoted(value.key.type) + " is larger than 64 KiB");
  }
  return value;
}

}  // namespace gusu::cli
