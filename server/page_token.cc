#include "server/page_token.h"

#include <optional>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

// Token = base64url(version ‖ first bytes of the scope's hash ‖ position ‖ first bytes of a hash of
// all that). The hashes find mistakes; a token gives no rights, so nothing is secret about them.
constexpr char kVersion = 1;
constexpr size_t kScopeBytes = 8;
constexpr size_t kCheckBytes = 4;
constexpr size_t kTokenCharactersMax = 4096;

std::string HashBeginning(std::string_view bytes, size_t count) {
  return std::string(AsBytes(Sha256({"gusu.page.v1\n", bytes})).substr(0, count));
}

int Base64UrlValue(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

// Only the form that Base64UrlEncode writes.
std::optional<std::string> Base64UrlDecode(std::string_view text) {
  std::string bytes;
  uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = Base64UrlValue(c);
    if (value < 0) return std::nullopt;
    buffer = (buffer << 6 | static_cast<uint32_t>(value)) & 0xFFFF;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(buffer >> bits);
    }
  }
  if (Base64UrlEncode(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace

size_t PageSize(uint32_t requested) {
  if (requested == 0) return kPageSizeDefault;
  return requested < kPageSizeMax ? requested : kPageSizeMax;
}

PageScope::PageScope(std::string_view method, std::initializer_list<std::string_view> filters) {
  std::string scope = Concat(method, '\0');
  for (const std::string_view filter : filters) scope += Concat(filter.size(), ':', filter);
  digest_ = HashBeginning(scope, kScopeBytes);
}

std::string PageScope::Token(std::string_view position) const {
  const std::string body = Concat(kVersion, digest_, position);
  return Base64UrlEncode(body + HashBeginning(body, kCheckBytes));
}

absl::StatusOr<std::string> PageScope::Read(std::string_view token) const {
  if (token.empty()) return std::string();
  if (token.size() > kTokenCharactersMax) return PageTokenInvalid();
  const std::optional<std::string> bytes = Base64UrlDecode(token);
  if (!bytes || bytes->size() <= 1 + kScopeBytes + kCheckBytes) return PageTokenInvalid();
  const std::string_view body(bytes->data(), bytes->size() - kCheckBytes);
  const std::string_view check = std::string_view(*bytes).substr(body.size());
  if (body[0] != kVersion || body.substr(1, kScopeBytes) != digest_ ||
      check != HashBeginning(body, kCheckBytes)) {
    return PageTokenInvalid();
  }
  return std::string(body.substr(1 + kScopeBytes));
}

absl::Status PageTokenInvalid() {
  return Error(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
               "page_token is not one that this list gave: repeat the request without it, with the "
               "same other fields",
               {{"field", "page_token"}});
}

}  // namespace gusu::server
