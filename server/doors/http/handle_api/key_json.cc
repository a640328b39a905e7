#include "server/doors/http/handle_api/key_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "proto/base64.h"
#include "proto/handle/key.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/handle_api/json_fields.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

// A number of a key: base64url without padding, as RFC 7518 has them; padding is passed over.
absl::StatusOr<std::string> Number(const Json& key, const char* name) {
  const auto found = key.find(name);
  if (found == key.end() || !found->is_string()) {
    return ApiMalformed("key", Concat("has no ", name));
  }
  std::string text = found->get<std::string>();
  while (!text.empty() && text.back() == '=') text.pop_back();
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  std::optional<std::string> octets = Base64Decode(text);
  if (!octets.has_value()) return ApiMalformed("key", Concat("has no base64url in ", name));
  octets->erase(0, octets->find_first_not_of('\0'));
  return *std::move(octets);
}

}  // namespace

std::optional<Json> KeyJson(std::string_view record) {
  const auto key = handle::DecodeKeyRecord(record);
  if (!key.ok()) return std::nullopt;
  const auto number = [&key](size_t i) { return Base64UrlEncode(key->numbers[i]); };
  if (key->type == handle::kRsaPublicType) {
    return Json({{"kty", "RSA"}, {"n", number(1)}, {"e", number(0)}});
  }
  if (key->type != handle::kDsaPublicType) return std::nullopt;
  return Json(
      {{"kty", "DSA"}, {"y", number(3)}, {"p", number(1)}, {"q", number(0)}, {"g", number(2)}});
}

absl::StatusOr<std::string> KeyFromJson(const Json& json) {
  if (!json.is_object()) return ApiMalformed("key", "is no object");
  const auto type = json.find("kty");
  const bool is_rsa = type != json.end() && *type == "RSA";
  if (!is_rsa && (type == json.end() || *type != "DSA")) {
    return ApiMalformed("key", "is of no kty that is known: RSA or DSA");
  }
  handle::KeyRecord record;
  record.type = is_rsa ? handle::kRsaPublicType : handle::kDsaPublicType;
  constexpr const char* kRsa[] = {"e", "n"};
  constexpr const char* kDsa[] = {"q", "p", "g", "y"};
  for (size_t i = 0; i < (is_rsa ? std::size(kRsa) : std::size(kDsa)); ++i) {
    GUSU_ASSIGN_OR_RETURN(std::string number, Number(json, is_rsa ? kRsa[i] : kDsa[i]));
    record.numbers.push_back(std::move(number));
  }
  std::string bytes = handle::EncodeKeyRecord(record);
  GUSU_RETURN_IF_ERROR(handle::DecodeKeyRecord(bytes).status());
  return bytes;
}

}  // namespace gusu::server
