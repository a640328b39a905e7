#include "server/doors/http/handle_api/sessions.h"

#include <utility>

#include "proto/handle/message_hash.h"
#include "proto/hash.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

using handle::HashAlgorithm;
using handle::HmacBytes;

constexpr size_t kTimeBytes = 8, kRandomBytes = 16, kMarkBytes = 16, kNonceBytes = 16;
constexpr size_t kStatedDigits = 2 * (kTimeBytes + kRandomBytes);
constexpr size_t kIdDigits = kStatedDigits + 2 * kMarkBytes;

std::string TimeBytes(absl::Time time) {
  const auto seconds = static_cast<uint64_t>(absl::ToUnixSeconds(time));
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(seconds >> shift);
  return bytes;
}

}  // namespace

ApiSessions::ApiSessions(std::function<absl::Time()> clock)
    : clock_(std::move(clock)), key_(RandomBytes(32)) {}

ApiSessions::Fresh ApiSessions::New() const {
  const std::string stated = HexEncode(TimeBytes(clock_()) + RandomBytes(kRandomBytes));
  Fresh session{stated + MarkOf(stated), ""};
  session.nonce =
      HmacBytes(HashAlgorithm::kSha256, key_, {"nonce ", session.id}).substr(0, kNonceBytes);
  return session;
}

std::string ApiSessions::MarkOf(std::string_view stated) const {
  return HexEncode(
      HmacBytes(HashAlgorithm::kSha256, key_, {"session ", stated}).substr(0, kMarkBytes));
}

std::optional<absl::Time> ApiSessions::MadeAt(std::string_view id) const {
  if (id.size() != kIdDigits) return std::nullopt;
  const std::string_view stated = id.substr(0, kStatedDigits);
  if (!handle::SameSecret(id.substr(kStatedDigits), MarkOf(stated))) return std::nullopt;
  return absl::FromUnixSeconds(
      static_cast<int64_t>(std::stoull(std::string(id.substr(0, 2 * kTimeBytes)), nullptr, 16)));
}

std::optional<std::string> ApiSessions::NonceOf(std::string_view id) {
  const auto made = MadeAt(id);
  if (!made.has_value()) return std::nullopt;
  const absl::Time now = clock_();
  {
    const std::lock_guard lock(mutex_);
    const Session* kept = Find(id, now);
    if (kept == nullptr ? now - *made > kIdleMax : kept->ended) return std::nullopt;
  }
  return HmacBytes(HashAlgorithm::kSha256, key_, {"nonce ", id}).substr(0, kNonceBytes);
}

std::optional<ApiSessionOwner> ApiSessions::OwnerOf(std::string_view id) {
  const absl::Time now = clock_();
  const std::lock_guard lock(mutex_);
  Session* kept = Find(id, now);
  if (kept == nullptr || kept->ended) return std::nullopt;
  kept->used = now;
  sessions_.splice(sessions_.begin(), sessions_, by_id_.at(kept->id));
  return kept->owner;
}

void ApiSessions::SetOwner(std::string_view id, ApiSessionOwner owner) {
  const absl::Time now = clock_();
  const std::lock_guard lock(mutex_);
  Session& session = Keep(id, now);
  if (!session.ended) session.owner = std::move(owner);
}

void ApiSessions::End(std::string_view id) {
  const auto made = MadeAt(id);
  const absl::Time now = clock_();
  const std::lock_guard lock(mutex_);
  Session* kept = Find(id, now);
  if (kept == nullptr) return;
  if (made.has_value() && now - *made <= kIdleMax) {
    kept->ended = true;
    kept->owner = {};
    return;
  }
  // Its nonce is too old to prove anything: nothing needs to be remembered.
  const auto found = by_id_.find(kept->id);
  sessions_.erase(found->second);
  by_id_.erase(found);
}

size_t ApiSessions::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

// Forgets those that expired on its way.
ApiSessions::Session* ApiSessions::Find(std::string_view id, absl::Time now) {
  while (!sessions_.empty() && now - sessions_.back().used > kIdleMax) {
    by_id_.erase(sessions_.back().id);
    sessions_.pop_back();
  }
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? nullptr : &*found->second;
}

ApiSessions::Session& ApiSessions::Keep(std::string_view id, absl::Time now) {
  if (Session* kept = Find(id, now)) return *kept;
  if (sessions_.size() >= kMax) {
    by_id_.erase(sessions_.back().id);
    sessions_.pop_back();
  }
  sessions_.push_front({std::string(id), now, false, {}});
  by_id_.emplace(sessions_.front().id, sessions_.begin());
  return sessions_.front();
}

}  // namespace gusu::server
