#include "server/doors/http/handle_api/value_json.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/handle_api/data_json.h"
#include "server/doors/http/handle_api/json_fields.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kPermissionDigits = 4;
constexpr size_t kPublicReadDigit = 2;
constexpr size_t kValuesMax = handle::kElementsMax;

std::string TimeText(int64_t unix_s) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", absl::FromUnixSeconds(unix_s),
                          absl::UTCTimeZone());
}

// Four binary digits, kAdminRead first.
std::string PermissionsText(uint8_t permissions) {
  std::string text;
  for (uint8_t bit = handle::kAdminRead; bit != 0; bit >>= 1) {
    text += (permissions & bit) != 0 ? '1' : '0';
  }
  return text;
}

absl::Status ReadTier(const Json& json, v1::Value* value) {
  if (FindMember(json, "permissions") == nullptr) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(const std::string text, TextMember(json, "permissions"));
  if (text.size() != kPermissionDigits || text.find_first_not_of("01") != text.npos) {
    return ApiMalformed("permissions", Concat(Quote(text), " are not four binary digits"));
  }
  value->set_tier(text[kPublicReadDigit] == '1' ? v1::PUBLIC : v1::OWNER);
  return absl::OkStatus();
}

// Seconds, or the time until which a reader may keep the value.
absl::Status ReadTtl(const Json& json, v1::Value* value) {
  const Json* ttl = FindMember(json, "ttl");
  if (ttl == nullptr) return absl::OkStatus();
  absl::Time until;
  if (ttl->is_string() &&
      absl::ParseTime(absl::RFC3339_full, ttl->get<std::string>(), &until, nullptr)) {
    const int64_t unix_s = absl::ToUnixSeconds(until);
    if (unix_s < 0 || unix_s > UINT32_MAX) {
      return ApiMalformed("ttl", Concat(Quote(ttl->get<std::string>()), " is beyond 2106"));
    }
    value->mutable_cache_until()->set_seconds(unix_s);
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(const uint32_t seconds, NumberMember(json, "ttl"));
  value->set_ttl_seconds(seconds);
  return absl::OkStatus();
}

absl::Status ReadReferences(const Json& json, v1::Value* value) {
  const Json* references = FindMember(json, "references");
  if (references == nullptr) return absl::OkStatus();
  if (!references->is_array() || references->size() > kValuesMax) {
    return ApiMalformed("references", "are no array, or too many");
  }
  for (const Json& reference : *references) {
    if (!reference.is_object()) return ApiMalformed("references", "have one that is no object");
    v1::Reference* added = value->add_references();
    GUSU_ASSIGN_OR_RETURN(*added->mutable_identifier(), TextMember(reference, "handle"));
    GUSU_ASSIGN_OR_RETURN(const uint32_t index, NumberMember(reference, "index"));
    added->set_index(index);
  }
  return absl::OkStatus();
}

absl::Status ReadValue(const Json& json, v1::Value* value) {
  if (!json.is_object()) return ApiMalformed("value", "is no object");
  GUSU_ASSIGN_OR_RETURN(const uint32_t index, NumberMember(json, "index"));
  GUSU_ASSIGN_OR_RETURN(std::string type, TextMember(json, "type"));
  const Json* data = FindMember(json, "data");
  if (data == nullptr) return ApiMalformed("data", "is not given");
  GUSU_ASSIGN_OR_RETURN(std::string bytes, DataFromJson(*data));
  GUSU_RETURN_IF_ERROR(CheckHandleValue(index, type, bytes));
  value->set_index(index);
  value->set_type(std::move(type));
  value->set_data(std::move(bytes));
  GUSU_RETURN_IF_ERROR(ReadTier(json, value));
  GUSU_RETURN_IF_ERROR(ReadTtl(json, value));
  return ReadReferences(json, value);
}

}  // namespace

Json ValueJson(const handle::Value& value) {
  Json json = {{"index", value.index},
               {"type", ToShown(value.type)},
               {"data", DataJson(value.type, value.data)}};
  if (value.permissions != handle::kDefaultPermissions) {
    json["permissions"] = PermissionsText(value.permissions);
  }
  if (value.ttl_type == handle::TtlType::kAbsolute) {
    json["ttl"] = TimeText(value.ttl);
  } else {
    json["ttl"] = value.ttl;
  }
  json["timestamp"] = TimeText(value.timestamp_s);
  if (value.references.empty()) return json;
  Json& references = json["references"] = Json::array();
  for (const handle::Reference& reference : value.references) {
    references.push_back(ReferenceJson(reference));
  }
  return json;
}

absl::Status ReadValues(std::string_view body, AdminRequest* request) {
  GUSU_ASSIGN_OR_RETURN(Json json, ParseApiJson(body));
  if (json.is_object()) {
    const Json* values = FindMember(json, "values");
    json = values != nullptr ? Json(*values) : Json::array({json});
  }
  if (!json.is_array()) return ApiMalformed("body", "is no value, and no array of values");
  if (json.size() > kValuesMax) {
    return ApiMalformed("values", Concat("are ", json.size(), "; at most ", kValuesMax));
  }
  const auto row = std::make_shared<v1::RegisterRow>();
  FaultList faults;
  for (size_t i = 0; i < json.size(); ++i) {
    const absl::Status status = ReadValue(json[i], row->add_values());
    if (!status.ok()) faults.Add(Concat("values[", i, "]"), status);
  }
  GUSU_RETURN_IF_ERROR(faults.ToStatus());
  request->row = row;
  return absl::OkStatus();
}

}  // namespace gusu::server
