#include "server/doors/http/handle_api/data_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "proto/base64.h"
#include "proto/handle/admin_value.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/doors/http/handle_api/key_json.h"
#include "server/doors/http/handle_api/site_data_json.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kRightDigits = 12;

Json Formatted(const char* format, Json value) {
  return {{"format", format}, {"value", std::move(value)}};
}

std::optional<Json> AdminJson(std::string_view bytes) {
  const auto admin = handle::DecodeAdminValue(bytes);
  if (!admin.ok() || !IsUtf8(admin->administrator.handle)) return std::nullopt;
  Json json = ReferenceJson(admin->administrator);
  json["permissions"] = handle::RightsText(admin->rights);
  return json;
}

std::optional<Json> VlistJson(std::string_view bytes) {
  const auto members = handle::DecodeVlist(bytes);
  if (!members.ok()) return std::nullopt;
  Json json = Json::array();
  for (const handle::Reference& member : *members) {
    if (!IsUtf8(member.handle)) return std::nullopt;
    json.push_back(ReferenceJson(member));
  }
  return json;
}

bool IsSiteType(std::string_view type_key) {
  return type_key == "HS_SITE" || type_key == "HS_SITE.PREFIX" || type_key == "HS_NA_DELEGATE";
}

// Fewer digits than twelve leave the other rights out.
absl::StatusOr<uint16_t> ReadRights(const Json& json) {
  GUSU_ASSIGN_OR_RETURN(std::string text, TextMember(json, "permissions"));
  const std::string sent = text;
  if (!text.empty() && text.size() < kRightDigits) text.resize(kRightDigits, '0');
  const auto rights = handle::RightsFromText(text);
  if (rights.has_value()) return *rights;
  return ApiMalformed("permissions", Concat(Quote(sent), " are not twelve binary digits"));
}

struct OwnedReference {
  std::string handle;
  uint32_t index = 0;
};

absl::StatusOr<OwnedReference> ReadReference(const Json& json) {
  if (!json.is_object()) return ApiMalformed("reference", "is no object");
  OwnedReference reference;
  GUSU_ASSIGN_OR_RETURN(reference.handle, TextMember(json, "handle"));
  GUSU_ASSIGN_OR_RETURN(reference.index, NumberMember(json, "index"));
  return reference;
}

absl::StatusOr<std::string> AdminFromJson(const Json& json) {
  GUSU_ASSIGN_OR_RETURN(const OwnedReference administrator, ReadReference(json));
  GUSU_ASSIGN_OR_RETURN(const uint16_t rights, ReadRights(json));
  return handle::EncodeAdminValue({rights, {administrator.handle, administrator.index}});
}

absl::StatusOr<std::string> VlistFromJson(const Json& json) {
  if (!json.is_array() || json.size() > handle::kElementsMax) {
    return ApiMalformed("vlist", "is no array, or too long");
  }
  std::vector<OwnedReference> owned;
  for (const Json& element : json) {
    GUSU_ASSIGN_OR_RETURN(OwnedReference member, ReadReference(element));
    owned.push_back(std::move(member));
  }
  std::vector<handle::Reference> members;
  for (const OwnedReference& member : owned) members.push_back({member.handle, member.index});
  return handle::EncodeVlist(members);
}

absl::StatusOr<std::string> HexDecode(const std::string& text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    if (digit(text[i]) < 0 || digit(text[i + 1]) < 0) break;
    bytes += static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1]));
  }
  if (bytes.size() * 2 == text.size()) return bytes;
  return ApiMalformed("data", Concat(Quote(text), " is not hexadecimal"));
}

absl::StatusOr<std::string> BytesFromJson(const std::string& format, const Json& value) {
  if (format == "admin") return AdminFromJson(value);
  if (format == "vlist") return VlistFromJson(value);
  if (format == "site") return SiteDataFromJson(value);
  if (format == "key") return KeyFromJson(value);
  const bool is_text = format == "string", is_base64 = format == "base64";
  if (!is_text && !is_base64 && format != "hex") {
    return ApiMalformed("data", Concat("has format ", Quote(format),
                                       ": string, base64, hex, admin, vlist, site or key"));
  }
  if (is_text && (value.is_number() || value.is_boolean())) return value.dump();
  if (!value.is_string()) {
    return ApiMalformed("data",
                        Concat("of format ", Quote(format), " has a value that is no text"));
  }
  const std::string& text = value.get_ref<const std::string&>();
  if (is_text) return text;
  if (!is_base64) return HexDecode(text);
  std::optional<std::string> bytes = Base64Decode(text);
  if (bytes.has_value()) return *std::move(bytes);
  return ApiMalformed("data", Concat(Quote(text), " is not base64"));
}

}  // namespace

Json ReferenceJson(const handle::Reference& reference) {
  return {{"handle", ToShown(reference.handle)}, {"index", reference.index}};
}

std::string ToShown(std::string_view text) { return ToUtf8(text); }

Json DataJson(std::string_view type, std::string_view bytes) {
  const std::string type_key = ToKey(type);
  std::optional<Json> json;
  const char* format = "string";
  if (type_key == "HS_ADMIN") {
    format = "admin";
    json = AdminJson(bytes);
  } else if (type_key == "HS_VLIST") {
    format = "vlist";
    json = VlistJson(bytes);
  } else if (IsSiteType(type_key)) {
    format = "site";
    json = SiteDataJson(bytes);
  } else if (type_key == "HS_PUBKEY") {
    format = "key";
    json = KeyJson(bytes);
  } else if (IsUtf8(bytes)) {
    json = Json(std::string(bytes));
  }
  if (json.has_value()) return Formatted(format, *std::move(json));
  return Formatted("base64", Base64Encode(bytes));
}

absl::StatusOr<std::string> DataFromJson(const Json& data) {
  if (data.is_string()) return data.get<std::string>();
  if (data.is_number() || data.is_boolean()) return data.dump();
  if (!data.is_object()) {
    return ApiMalformed("data", "is neither text nor an object of format and value");
  }
  GUSU_ASSIGN_OR_RETURN(const std::string format, TextMember(data, "format"));
  const Json* value = FindMember(data, "value");
  if (value == nullptr)
    return ApiMalformed("data", Concat("of format ", Quote(format), " has no value"));
  return BytesFromJson(format, *value);
}

}  // namespace gusu::server
