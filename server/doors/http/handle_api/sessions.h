// Sessions of the Handle JSON API: a nonce that a client proves once who it is with, and from then
// on the session's id alone says so.
//
// A session that proved nothing is not kept: its id has when it was made and a code over that, and
// its nonce comes of the id. So asking for sessions costs no memory. Stated bounds: those that
// proved something, kMax; the one that was used longest ago makes room. May be called from any
// thread.
#pragma once

#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace gusu::server {

// Who a session belongs to: the identity, and the credential's row when it was proved.
struct ApiSessionOwner {
  std::string handle;
  uint32_t index = 0;
  std::string row_key;
  uint64_t revision = 0;
};

class ApiSessions {
 public:
  static constexpr size_t kMax = 4'096;
  // Since it was used; for one that proved nothing, since it was made.
  static constexpr absl::Duration kIdleMax = absl::Minutes(30);

  explicit ApiSessions(std::function<absl::Time()> clock = absl::Now);

  struct Fresh {
    std::string id;
    std::string nonce;
  };
  Fresh New() const;

  // What a session's proof is over; nullopt for an id that is none, has expired or was ended.
  std::optional<std::string> NonceOf(std::string_view id);
  // Who proved to own it; nullopt also where nobody did.
  std::optional<ApiSessionOwner> OwnerOf(std::string_view id);
  // Of an id that NonceOf knows.
  void SetOwner(std::string_view id, ApiSessionOwner owner);
  // Of one that somebody owns: it never proves anything again. There is nothing to be ended of
  // others, and nothing is remembered, so that they take nobody's place.
  void End(std::string_view id);

  size_t size() const;

 private:
  struct Session {
    std::string id;
    absl::Time used;
    bool ended = false;
    ApiSessionOwner owner;
  };
  using Kept = std::list<Session>;  // the one that was used last comes first

  std::string MarkOf(std::string_view stated) const;
  // When an id was made; nullopt for one that was not made here.
  std::optional<absl::Time> MadeAt(std::string_view id) const;
  Session* Find(std::string_view id, absl::Time now);
  Session& Keep(std::string_view id, absl::Time now);

  const std::function<absl::Time()> clock_;
  const std::string key_;
  mutable std::mutex mutex_;  // guards what follows
  Kept sessions_;
  std::unordered_map<std::string, Kept::iterator> by_id_;
};

}  // namespace gusu::server
