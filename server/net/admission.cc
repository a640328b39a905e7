#include "server/net/admission.h"

#include "server/net/address.h"
#include "server/source_buckets.h"

namespace gusu::server {
namespace {

// The last eighth of a bound.
bool IsCrowded(size_t count, size_t max) { return count > max - max / 8; }

}  // namespace

Admission::Entry Admission::Enter(const std::string& peer) {
  const std::string address = AddressGroup(peer);
  const std::lock_guard lock(mutex_);
  const size_t of_address_max =
      IsLoopbackAddress(peer) ? connections_max_ : connections_of_address_max_;
  const auto found = of_address_.find(address);
  if (count_ >= connections_max_ ||
      (found != of_address_.end() && found->second >= of_address_max)) {
    return Entry::kRefused;
  }
  if (IsCrowded(++of_address_[address], of_address_max)) {
    ++count_;
    return Entry::kAddressCrowded;
  }
  return IsCrowded(++count_, connections_max_) ? Entry::kCrowded : Entry::kTaken;
}

void Admission::Leave(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = of_address_.find(AddressGroup(peer));
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
