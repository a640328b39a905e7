// A message handler on a memory engine, asked as a client asks.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "gusu/storage/v1/records.pb.h"
#include "proto/handle/request.h"
#include "proto/handle/response.h"
#include "server/doors/handle/identities.h"
#include "server/doors/handle/message_handler.h"
#include "server/doors/handle/site.h"
#include "server/rate_limit.h"
#include "server/resolver.h"
#include "tests/server/reading_store.h"

namespace gusu::test {

// As clients set them in a resolve: recursive, cache-certified, public only.
inline constexpr uint32_t kUsualFlags = 0x19000000;

class HandleWorld {
 public:
  HandleWorld() : HandleWorld(server::RateLimiter::Options()) {}
  explicit HandleWorld(server::RateLimiter::Options limits);

  // Delegates a granted prefix to servers elsewhere.
  void Delegate(const std::string& prefix, const std::vector<v1::Site>& sites);
  // Keys that {prefix}/ADMIN of 88.118.8 has.
  void SetIdentities(std::vector<server::IdentityKey> keys) { identities_.keys = std::move(keys); }

  // Envelope and message of a request with request id 0x11223344.
  static std::string Request(handle::Operation operation, uint32_t flags,
                             const std::function<void(handle::Writer&)>& write_body,
                             handle::Version version = {2, 3});
  static std::string ResolveRequest(std::string_view handle,
                                    std::initializer_list<std::string_view> types = {},
                                    std::initializer_list<uint32_t> indexes = {},
                                    uint32_t flags = kUsualFlags);

  // The answer's envelope and message; empty when there is none.
  std::string Ask(const std::string& request,
                  handle::Transport transport = handle::Transport::kTcp) const;
  // The answer to a resolve in words: `1 88.118.8/HP-1: 1 URL 0e "https://…"; …`, or its code and
  // text, as `100` or `301 That prefix doesn't live here`.
  std::string Resolve(std::string_view handle, std::initializer_list<std::string_view> types = {},
                      std::initializer_list<uint32_t> indexes = {},
                      uint32_t flags = kUsualFlags) const {
    return Text(Ask(ResolveRequest(handle, types, indexes, flags)));
  }
  static std::string Text(const std::string& answer);

  ReadingStore store;
  server::Resolver resolver{&store.ledger(), nullptr, [this] { return store.Now(); }};
  server::RateLimiter rate_limiter;
  const server::HandleSite site;

 private:
  struct Identities : server::HandleIdentities {
    std::vector<server::IdentityKey> Find(const storage::View& view,
                                          std::string_view prefix_key) const override;
    std::vector<server::IdentityKey> keys;
  };
  Identities identities_;

 public:
  server::MessageHandler handler;
};

// The parts of an answer that was read; they point into its bytes.
struct ReadAnswer {
  explicit ReadAnswer(const std::string& answer);
  handle::Envelope envelope;
  handle::Message message;
  handle::DigestedBody body;
  uint32_t code() const { return static_cast<uint32_t>(message.header.response_code); }
};

}  // namespace gusu::test
