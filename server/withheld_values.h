// What a reader is told of the values that its rights do not cover.
#pragma once

#include <cstdint>

namespace gusu::v1 {
enum Tier : int;
}

namespace gusu::server {

class WithheldValues {
 public:
  // `tier` by its number: 1 to 3.
  void Add(uint32_t tier) {
    ++count_;
    tiers_ |= 1U << (tier & 3U);
  }

  uint32_t count() const { return count_; }

  // To a Record or a ResolveResponse; PUBLIC first.
  template <typename Message>
  void Tell(Message* message) const {
    message->set_values_withheld_count(count_);
    for (int tier = 1; tier <= 3; ++tier) {
      if ((tiers_ >> tier & 1U) != 0) message->add_withheld_tiers(static_cast<v1::Tier>(tier));
    }
  }

 private:
  uint32_t count_ = 0;
  uint32_t tiers_ = 0;  // bit N: a value of tier N
};

}  // namespace gusu::server
