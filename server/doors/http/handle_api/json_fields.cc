#include "server/doors/http/handle_api/json_fields.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Missing(const char* name) { return ApiMalformed(name, "is not given"); }

absl::Status IsNo(const char* name, const Json& member, std::string_view what) {
  const std::string shown = member.is_string()
                                ? member.get<std::string>()
                                : member.dump(-1, ' ', false, Json::error_handler_t::replace);
  return ApiMalformed(name, Concat(Quote(shown), " is no ", what));
}

// Watches a parser, and has it drop what is beyond the bounds.
class JsonBounds {
 public:
  // Of an object's begin the levels around it, of a key those around its value.
  bool Holds(int depth, Json::parse_event_t event) {
    if (depth > kApiJsonDepthMax) too_deep_ = true;
    if (too_deep_ || has_too_many_) return false;
    if (event == Json::parse_event_t::object_start) members_[depth] = 0;
    if (event == Json::parse_event_t::key && ++members_[depth - 1] > kApiJsonMembersMax) {
      has_too_many_ = true;
    }
    return !has_too_many_;
  }

  absl::Status status() const {
    if (too_deep_) {
      return ApiMalformed("JSON", Concat("is deeper than ", kApiJsonDepthMax, " levels"));
    }
    if (!has_too_many_) return absl::OkStatus();
    return ApiMalformed("JSON",
                        Concat("has an object of more than ", kApiJsonMembersMax, " members"));
  }

 private:
  std::array<size_t, kApiJsonDepthMax + 1> members_{};  // of the object at each level
  bool too_deep_ = false;
  bool has_too_many_ = false;
};

}  // namespace

absl::Status ApiMalformed(std::string_view field, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "HANDLE_MALFORMED", Concat(field, " ", what),
               {{"field", std::string(field)}});
}

absl::StatusOr<Json> ParseApiJson(std::string_view text) {
  if (text.empty()) return ApiMalformed("body", "is empty");
  JsonBounds bounds;
  const auto watch = [&bounds](int depth, Json::parse_event_t event, Json&) {
    return bounds.Holds(depth, event);
  };
  try {
    Json json = Json::parse(text.begin(), text.end(), watch);
    GUSU_RETURN_IF_ERROR(bounds.status());
    return json;
  } catch (const Json::parse_error& error) {
    GUSU_RETURN_IF_ERROR(bounds.status());
    return ApiMalformed("body", Concat("is no JSON from byte ", error.byte, " on"));
  } catch (const Json::exception&) {
    return ApiMalformed("body", "has a number that is too large");
  }
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
  return IsNo(name, *member, "number from 0 to 4294967295");
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
  return IsNo(name, *member, "text");
}

absl::StatusOr<bool> BoolMember(const Json& object, const char* name,
                                std::optional<bool> fallback) {
  const Json* member = FindMember(object, name);
  if (member == nullptr) {
    if (fallback.has_value()) return *fallback;
    return Missing(name);
  }
  if (member->is_boolean()) return member->get<bool>();
  return IsNo(name, *member, "true or false");
}

std::optional<uint32_t> ParseNumber(std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace gusu::server
