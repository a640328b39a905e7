#include "server/doors/http/bureau/sessions.h"

#include <algorithm>
#include <utility>

#include "proto/hash.h"

namespace gusu::server {
namespace {

constexpr size_t kIdBytes = 32;

std::string KeyOf(std::string_view id) { return std::string(AsBytes(Sha256(id))); }

}  // namespace

std::string BureauSessions::Open(Session session) {
  std::string id = Base64UrlEncode(RandomBytes(kIdBytes));
  const absl::Time now = options_.clock();
  const std::lock_guard lock(mutex_);
  MakeRoom(now);
  sessions_.emplace(KeyOf(id), Entry{std::move(session), now, now});
  return id;
}

std::optional<BureauSessions::Session> BureauSessions::Find(std::string_view id, bool tls) {
  const absl::Time now = options_.clock();
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(KeyOf(id));
  if (found == sessions_.end()) return std::nullopt;
  if (HasEnded(found->second, now)) {
    sessions_.erase(found);
    return std::nullopt;
  }
  if (found->second.session.tls != tls) return std::nullopt;
  found->second.used = now;
  return found->second.session;
}

void BureauSessions::Close(std::string_view id) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(KeyOf(id));
}

size_t BureauSessions::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

bool BureauSessions::HasEnded(const Entry& entry, absl::Time now) const {
  return now - entry.used >= options_.idle_max || now - entry.opened >= options_.lifetime_max;
}

void BureauSessions::MakeRoom(absl::Time now) {
  if (sessions_.size() < options_.sessions_max) return;
  std::erase_if(sessions_, [&](const auto& keyed) { return HasEnded(keyed.second, now); });
  if (sessions_.size() < options_.sessions_max) return;
  sessions_.erase(
      std::min_element(sessions_.begin(), sessions_.end(),
                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

}  // namespace gusu::server
