// Algorithms as JSON names them, and the forms of answers that the wire has for them.
#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "proto/base64.h"
#include "proto/handle/challenge.h"
#include "proto/handle/wire.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/doors/http/handle_api/session_words.h"

namespace gusu::server {
namespace {

constexpr uint8_t kHmacForm = 0x10;
constexpr uint8_t kDerivedForm = 0x22;
constexpr std::string_view kHmac = "HMAC";
constexpr uint32_t kIterations = 10'000;
constexpr uint32_t kKeyBits = 160;

// In upper case, without what names differ in: "PBKDF2-HMAC-SHA1" and "PBKDF2WithHmacSHA1".
std::string Name(std::string text) {
  absl::AsciiStrToUpper(&text);
  std::erase_if(text, [](char c) { return c == '-' || c == '_'; });
  return text;
}

std::optional<uint8_t> FormOfHash(std::string_view name) {
  if (name == "MD5") return 1;
  if (name == "SHA1") return 2;
  if (name == "SHA256") return 3;
  return std::nullopt;
}

absl::StatusOr<std::string> Octets(const char* field, const std::string& text) {
  std::optional<std::string> octets = Base64Decode(text);
  if (octets.has_value()) return *std::move(octets);
  return ApiMalformed(field, Concat(Quote(text), " is not base64"));
}

absl::StatusOr<uint32_t> Number(const char* field, const std::string& text, uint32_t fallback) {
  if (text.empty()) return fallback;
  const auto number = ParseNumber(text);
  if (number.has_value()) return *number;
  return ApiMalformed(field, Concat(Quote(text), " is no number"));
}

}  // namespace

absl::StatusOr<std::string> SignedResponse(const SessionWords& words) {
  GUSU_ASSIGN_OR_RETURN(const std::string signature, Octets("signature", words.signature));
  std::string answer;
  handle::Writer writer(answer);
  if (words.type == handle::kPublicKeyType) {
    writer.Bytes(Name(words.algorithm)).Bytes(signature);
    return answer;
  }
  const std::string name = Name(words.algorithm);
  if (name == "PBKDF2HMACSHA1" || name == "PBKDF2WITHHMACSHA1") {
    GUSU_ASSIGN_OR_RETURN(const std::string salt, Octets("salt", words.salt));
    GUSU_ASSIGN_OR_RETURN(const uint32_t iterations,
                          Number("iterations", words.iterations, kIterations));
    GUSU_ASSIGN_OR_RETURN(const uint32_t bits, Number("length", words.length, kKeyBits));
    writer.Byte(kDerivedForm).Bytes(salt).Int(iterations).Int(bits).Bytes(signature);
    return answer;
  }
  const bool is_hmac = name.starts_with(kHmac);
  const auto form = FormOfHash(is_hmac ? std::string_view(name).substr(kHmac.size()) : name);
  if (!form.has_value()) {
    return ApiMalformed("alg", Concat(Quote(words.algorithm), " is not known: SHA256, SHA1, ",
                                      "HMAC-SHA256, HMAC-SHA1 or PBKDF2-HMAC-SHA1"));
  }
  writer.Byte(static_cast<uint8_t>(is_hmac ? kHmacForm | *form : *form)).Raw(signature);
  return answer;
}

}  // namespace gusu::server
