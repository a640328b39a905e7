// Builds a JSON object field by field; fields with empty text, zero or nothing in them are left
// out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gusu/json.h"
#include "proto/base64.h"

namespace gusu {

class JsonObject {
 public:
  JsonObject& Text(const char* name, std::string_view text) {
    return text.empty() ? *this : Raw(name, JsonString(text));
  }
  JsonObject& Bytes(const char* name, std::string_view bytes) {
    return Text(name, Base64Encode(bytes));
  }
  JsonObject& Number(const char* name, uint64_t number) {
    return number == 0 ? *this : Raw(name, std::to_string(number));
  }
  // Written out when it is 0, for indexes that count from there.
  JsonObject& Index(const char* name, uint64_t index) { return Raw(name, std::to_string(index)); }
  JsonObject& Flag(const char* name, bool flag) { return flag ? Raw(name, "true") : *this; }
  JsonObject& Time(const char* name, const std::optional<Timestamp>& time) {
    return time ? Text(name, ToText(*time)) : *this;
  }
  // `to_json` makes the JSON of an item.
  template <typename Item, typename ToJsonOfItem>
  JsonObject& List(const char* name, const std::vector<Item>& items, ToJsonOfItem to_json) {
    if (items.empty()) return *this;
    std::string list = "[";
    for (const Item& item : items) {
      if (list.size() > 1) list += ",";
      list += to_json(item);
    }
    return Raw(name, list + "]");
  }
  JsonObject& List(const char* name, const std::vector<std::string>& texts) {
    return List(name, texts, [](const std::string& text) { return JsonString(text); });
  }
  // Left out when it is an empty object.
  JsonObject& Part(const char* name, const std::string& json) {
    return json == "{}" ? *this : Raw(name, json);
  }
  JsonObject& Raw(const char* name, const std::string& json) {
    json_ += json_.empty() ? "{" : ",";
    json_ += '"';
    json_ += name;
    json_ += "\":";
    json_ += json;
    return *this;
  }
  std::string Take() { return json_.empty() ? "{}" : std::move(json_) + "}"; }

 private:
  std::string json_;
};

}  // namespace gusu
