// A browser at the bureau's console: keeps cookies, sends forms with what their page gave.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/server/http_world.h"

namespace gusu::server {

class BureauBrowser {
 public:
  explicit BureauBrowser(HttpWorld* world) : world_(*world) {}

  HttpResponse Get(std::string_view target);
  using Fields = std::vector<std::pair<std::string, std::string>>;
  // As a page of ours would send it; without the form's token.
  HttpResponse Post(std::string_view target, const Fields& fields);
  // With the token of the form on `page` whose action is `target`, or begins so.
  HttpResponse Submit(const HttpResponse& page, std::string_view target, Fields fields);
  // Opens the console and signs in; the answer to the form.
  HttpResponse SignIn(std::string_view token);

  // `name=value`, as it is sent; empty: none.
  std::string Cookie(std::string_view name) const;
  void SetCookie(std::string name, std::string value) { cookies_[std::move(name)] = value; }

  // What requests have besides.
  std::vector<HttpHeader> headers = {{"Sec-Fetch-Site", "same-origin"},
                                     {"Origin", "http://id.example"}};
  std::string peer = "127.0.0.1";
  bool tls = false;

 private:
  HttpResponse Send(HttpRequest request);

  HttpWorld& world_;
  std::map<std::string, std::string> cookies_;
};

// The value of the first hidden field of that name in the form whose action begins with `action`;
// empty: none.
std::string HiddenField(const HttpResponse& page, std::string_view action, std::string_view name);

}  // namespace gusu::server
