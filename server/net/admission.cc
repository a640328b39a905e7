#include "server/net/admission.h"

#include "server/net/address.h"

namespace gusu::server {

bool Admission::Enter(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const size_t of_address_max =
      IsLoopbackAddress(peer) ? connections_max_ : connections_of_address_max_;
  const auto found = of_address_.find(peer);
  if (count_ >= connections_max_ ||
      (found != of_address_.end() && found->second >= of_address_max)) {
    return false;
  }
  ++count_;
  ++of_address_[peer];
  return true;
}

void Admission::Leave(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = of_address_.find(peer);
  if (--found->second == 0) of_address_.erase(found);
  if (--count_ == 0) none_left_.notify_all();
}

size_t Admission::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void Admission::WaitForNone(absl::Duration patience) {
  std::unique_lock lock(mutex_);
  none_left_.wait_for(lock, absl::ToChronoNanoseconds(patience), [this] { return count_ == 0; });
}

}  // namespace gusu::server
