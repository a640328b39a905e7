#include "tests/server/bureau_browser.h"

#include "proto/text.h"
#include "server/doors/http/target.h"

namespace gusu::server {

HttpResponse BureauBrowser::Get(std::string_view target) {
  return Send(HttpWorld::Request("GET", target));
}

HttpResponse BureauBrowser::Post(std::string_view target, const Fields& fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += Concat(body.empty() ? "" : "&", PercentEncode(name), "=", PercentEncode(value));
  }
  HttpRequest request = HttpWorld::Request("POST", target, {}, body);
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  return Send(std::move(request));
}

HttpResponse BureauBrowser::Submit(const HttpResponse& page, std::string_view target,
                                   Fields fields) {
  fields.emplace_back("form_token", HiddenField(page, target, "form_token"));
  return Post(target, fields);
}

HttpResponse BureauBrowser::SignIn(std::string_view token) {
  const HttpResponse page = Get("/bureau");
  return Submit(page, "/bureau/sign-in", {{"token", std::string(token)}});
}

std::string BureauBrowser::Cookie(std::string_view name) const {
  const auto found = cookies_.find(std::string(name));
  return found == cookies_.end() ? "" : Concat(found->first, "=", found->second);
}

HttpResponse BureauBrowser::Send(HttpRequest request) {
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  std::string sent;
  for (const auto& [name, value] : cookies_)
    sent += Concat(sent.empty() ? "" : "; ", name, "=", value);
  if (!sent.empty()) request.headers.push_back({"Cookie", sent});
  request.peer = peer;
  request.tls = tls;
  HttpResponse response = world_.Ask(std::move(request));
  for (const HttpHeader& header : response.headers) {
    if (header.name != "Set-Cookie") continue;
    const std::string pair = header.value.substr(0, header.value.find(';'));
    const size_t equals = pair.find('=');
    if (header.value.find("Max-Age=0") != std::string::npos) {
      cookies_.erase(pair.substr(0, equals));
    } else {
      cookies_[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
  }
  return response;
}

std::string HiddenField(const HttpResponse& page, std::string_view action, std::string_view name) {
  size_t at = page.body.find(Concat("action=\"", action));
  at = page.body.find(Concat("name=\"", name, "\" value=\""), at);
  if (at == std::string::npos) return "";
  at = page.body.find("value=\"", at) + 7;
  return page.body.substr(at, page.body.find('"', at) - at);
}

}  // namespace gusu::server
