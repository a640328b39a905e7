// Who is signed in to the bureau's console: in memory, so that a restart signs everybody out.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace gusu::server {

// May be called from any thread.
class BureauSessions {
 public:
  struct Options {
    // Beyond them the session that was used longest ago ends.
    size_t sessions_max = 1'000;
    // A session ends when it was not used for so long, and when it is so old.
    absl::Duration idle_max = absl::Minutes(15);
    absl::Duration lifetime_max = absl::Hours(8);
    std::function<absl::Time()> clock = absl::Now;
  };

  explicit BureauSessions(Options options) : options_(std::move(options)) {}
  BureauSessions() : BureauSessions(Options()) {}

  struct Session {
    std::string bearer;  // the credential's secret, which is looked at again for each request
    bool tls = false;    // whether it was begun over TLS: then it counts over TLS only
  };
  // The id of a new session: 256 random bits as 43 characters of base64url.
  std::string Open(Session session);
  // Counts as a use. nullopt: no such session (any more), or `tls` is not its own.
  std::optional<Session> Find(std::string_view id, bool tls);
  void Close(std::string_view id);

  size_t size() const;

 private:
  struct Entry {
    Session session;
    absl::Time opened;
    absl::Time used;
  };
  bool HasEnded(const Entry& entry, absl::Time now) const;
  void MakeRoom(absl::Time now);

  const Options options_;
  mutable std::mutex mutex_;  // guards what follows
  // By SHA-256 of the id, so that the time of a look-up tells nothing of ids.
  std::unordered_map<std::string, Entry> sessions_;
};

}  // namespace gusu::server
