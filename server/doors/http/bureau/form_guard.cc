#include "server/doors/http/bureau/form_guard.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "absl/strings/match.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr size_t kKeyBytes = 32;

absl::Status Refused(std::string_view what) {
  return Error(absl::StatusCode::kPermissionDenied, "FORM_REFUSED", what);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool AreSame(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

FormGuard::FormGuard() : key_(RandomBytes(kKeyBytes)) {}

std::string FormGuard::TokenFor(std::string_view secret) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), code.data(), &size);
  return Base64UrlEncode(std::string_view(reinterpret_cast<const char*>(code.data()), size));
}

absl::Status FormGuard::Check(const HttpRequest& request, std::string_view secret,
                              std::string_view token) const {
  const absl::Status site = CheckSite(request);
  if (!site.ok()) return site;
  if (AreSame(token, TokenFor(secret))) return absl::OkStatus();
  return Refused("the form is of an earlier session; open the page again");
}

absl::Status FormGuard::CheckSite(const HttpRequest& request) {
  const std::string_view site = request.Header("Sec-Fetch-Site");
  if (!site.empty()) {
    return site == "same-origin" ? absl::OkStatus()
                                 : Refused("the form was sent from another site");
  }
  const std::string_view origin = request.Header("Origin");
  const std::string here = Concat(request.tls ? "https://" : "http://", request.Header("Host"));
  if (!origin.empty() && origin != here) return Refused("the form was sent from another site");
  return absl::OkStatus();
}

std::optional<std::string> CookieOf(const HttpRequest& request, std::string_view name) {
  std::optional<std::string> value;
  for (const HttpHeader& header : request.headers) {
    if (!absl::EqualsIgnoreCase(header.name, "cookie")) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const size_t end = rest.find(';');
      const std::string_view pair = Trimmed(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      const size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (value.has_value()) return std::nullopt;
      value = std::string(pair.substr(equals + 1));
    }
  }
  return value;
}

HttpHeader CookieHeader(std::string_view name, std::string_view value, bool tls) {
  return {"Set-Cookie", Concat(name, "=", value, "; Path=/bureau; HttpOnly; SameSite=Strict",
                               tls ? "; Secure" : "", value.empty() ? "; Max-Age=0" : "")};
}

}  // namespace gusu::server
