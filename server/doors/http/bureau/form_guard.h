// Whether a form was sent by a page of ours, and cookies.
//
// Two things must hold for a form to count: the browser must not say that another site sent it, and
// it must carry a token that only a page made for the same session, or the same visitor, has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "server/net/http_message.h"

namespace gusu::server {

class FormGuard {
 public:
  FormGuard();

  // Of a session, or of what a visitor's cookie holds: an HMAC under a key that lives as long as
  // this.
  std::string TokenFor(std::string_view secret) const;
  // kPermissionDenied / FORM_REFUSED unless the token is that of the secret and CheckSite holds.
  absl::Status Check(const HttpRequest& request, std::string_view secret,
                     std::string_view token) const;

  // kPermissionDenied / FORM_REFUSED when the browser says that another site sent it: by
  // Sec-Fetch-Site, or, where it sends none, by Origin. A program that sends neither is believed.
  static absl::Status CheckSite(const HttpRequest& request);

 private:
  const std::string key_;
};

// nullopt when there is none of that name, or several.
std::optional<std::string> CookieOf(const HttpRequest& request, std::string_view name);

// For /bureau only, not for scripts, not sent when another site leads here, and kept no longer than
// the browser runs. An empty value takes it back.
HttpHeader CookieHeader(std::string_view name, std::string_view value, bool tls);

}  // namespace gusu::server
