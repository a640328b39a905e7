// The Handle JSON API of a registry, asked as clients ask, with answers in words.
#pragma once

#include <string>
#include <string_view>

#include "server/doors/handle/message_handler.h"
#include "server/doors/handle/site.h"
#include "tests/server/http_world.h"

namespace gusu::server {

// HttpWorld beside a Handle door that is administered by nobody. Writers of 88.118.8 are its
// identity 300 (Basic(), HttpWorld::kPumpsSecret), 302 (Key()) and
// 303 (kOtherSecret); a reader is 301.
class ApiWorld : public HttpWorld {
 public:
  static constexpr const char* kReaderSecret = "the secret of the pumps' reader";

  static constexpr const char* kOtherSecret = "another secret of the pumps";

  ApiWorld();
  ~ApiWorld() { ledger().Stop(); }

  static const handle::PrivateKey& Key();
  const HandleSite& site() const { return site_; }

  // Of an identity as `300:88.118.8/ADMIN`.
  static HttpHeader Basic(std::string_view identity, std::string_view secret);
  static HttpHeader PumpsWriter() { return Basic("300:88.118.8/ADMIN", kPumpsSecret); }
  static HttpHeader OtherWriter() { return Basic("303:88.118.8/ADMIN", kOtherSecret); }
  static HttpHeader PumpsReader() { return Basic("301:88.118.8/ADMIN", kReaderSecret); }
  static HttpHeader ValvesWriter() { return Basic("300:88.118.9/ADMIN", kValvesSecret); }

  // Of WWW-Authenticate.
  static std::vector<std::string> ChallengesOf(const HttpResponse& response);

  // `404 {"responseCode":100,…}`, with the numbers of times and indexes that the clock gave left
  // out.
  std::string In(const HttpResponse& response) const;
  std::string Do(std::string_view method, std::string_view target,
                 std::vector<HttpHeader> headers = {}, std::string body = "") {
    return In(Ask(method, target, std::move(headers), std::move(body)));
  }
  // With Content-Type application/json, by the pumps' writer.
  std::string Put(std::string_view target, std::string body) {
    return Do("PUT", target, {PumpsWriter(), kJson}, std::move(body));
  }
  std::string Delete(std::string_view target) { return Do("DELETE", target, {PumpsWriter()}); }
  // `1 URL "https://…" 86400; …` of what everybody may read, or code and message.
  std::string Values(std::string_view target, std::vector<HttpHeader> headers = {});

  inline static const HttpHeader kJson{"Content-Type", "application/json"};

 private:
  void MakeCredential(std::string_view fields);

  const HandleSite site_;
  const MessageHandler messages_;
};

}  // namespace gusu::server
