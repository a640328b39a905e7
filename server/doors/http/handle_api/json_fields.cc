#include "server/doors/http/handle_api/json_fields.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Missing(const char* name) {
  return ApiMalformed("JSON", Concat("has no ", Quote(name)));
}

absl::Status IsNo(const char* name, std::string_view what) {
  return ApiMalformed("JSON", Concat("has ", Quote(name), ", which is no ", what));
}

}  // namespace

absl::Status ApiMalformed(std::string_view field, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "HANDLE_MALFORMED", Concat(field, " ", what),
               {{"field", std::string(field)}});
}

absl::StatusOr<Json> ParseApiJson(std::string_view text) {
  bool too_deep = false;
  const auto watch = [&too_deep](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kApiJsonDepthMax;
    return !too_deep;
  };
  Json json = Json::parse(text.begin(), text.end(), watch, /*allow_exceptions=*/false);
  if (too_deep) {
    return ApiMalformed("JSON", Concat("is deeper than ", kApiJsonDepthMax, " levels"));
  }
  if (json.is_discarded()) return ApiMalformed("body", "is no JSON");
  return json;
}

const Json* FindMember(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

absl::StatusOr<uint32_t> NumberMember(const Json& object, const char* name,
                                      std::optional<uint32_t> fallback) {
  const Json* member = FindMember(object, name);
  if (member == nullptr) {
    if (fallback.has_value()) return *fallback;
    return Missing(name);
  }
  if (member->is_number_unsigned() && member->get<uint64_t>() <= UINT32_MAX) {
    return member->get<uint32_t>();
  }
  if (member->is_string()) {
    if (const auto number = ParseNumber(member->get_ref<const std::string&>())) return *number;
  }
  return IsNo(name, "number from 0 to 4294967295");
}

absl::StatusOr<std::string> TextMember(const Json& object, const char* name,
                                       std::optional<std::string_view> fallback) {
  const Json* member = FindMember(object, name);
  if (member == nullptr) {
    if (fallback.has_value()) return std::string(*fallback);
    return Missing(name);
  }
  if (member->is_string()) return member->get<std::string>();
  if (member->is_number_unsigned()) return std::to_string(member->get<uint64_t>());
  return IsNo(name, "text");
}

absl::StatusOr<bool> BoolMember(const Json& object, const char* name,
                                std::optional<bool> fallback) {
  const Json* member = FindMember(object, name);
  if (member == nullptr) {
    if (fallback.has_value()) return *fallback;
    return Missing(name);
  }
  if (member->is_boolean()) return member->get<bool>();
  return IsNo(name, "true or false");
}

std::optional<uint32_t> ParseNumber(std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace gusu::server
