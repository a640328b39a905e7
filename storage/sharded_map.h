// A map from names to values that is cheap to copy and to change after copying: the first change of
// a shard copies it, those after it do not.
//
// A map that has been copied must not be changed any more; it may be read from all threads. A
// pointer that Find returns is valid until the map in question is changed or gone.
#pragma once

#include <array>
#include <bitset>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace gusu::storage {

template <typename Value>
class ShardedMap {
 public:
  ShardedMap() = default;
  ShardedMap(const ShardedMap& other) : shards_(other.shards_) {}
  ShardedMap& operator=(const ShardedMap&) = delete;

  const Value* Find(std::string_view name) const {
    const auto& shard = shards_[ShardOf(name)];
    if (shard == nullptr) return nullptr;
    const auto found = shard->find(name);
    return found == shard->end() ? nullptr : &found->second;
  }

  void Put(std::string_view name, Value value) {
    Shard& shard = Own(name);
    const auto found = shard.find(name);
    if (found == shard.end()) {
      shard.emplace(std::string(name), std::move(value));
    } else {
      found->second = std::move(value);
    }
  }

  void Erase(std::string_view name) {
    if (Find(name) == nullptr) return;
    Shard& shard = Own(name);
    shard.erase(shard.find(name));
  }

 private:
  // 20,000 names make shards of about 80: a change copies those and 256 pointers.
  static constexpr size_t kShardCount = 256;

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };
  using Shard = absl::flat_hash_map<std::string, Value, Hash, std::equal_to<>>;

  // The map within a shard uses the hash's low bits first.
  static size_t ShardOf(std::string_view name) { return Hash()(name) >> 56; }

  Shard& Own(std::string_view name) {
    const size_t index = ShardOf(name);
    std::shared_ptr<Shard>& shard = shards_[index];
    if (!owned_[index]) {
      shard = shard == nullptr ? std::make_shared<Shard>() : std::make_shared<Shard>(*shard);
      owned_[index] = true;
    }
    return *shard;
  }

  std::array<std::shared_ptr<Shard>, kShardCount> shards_;
  // Shards that no other map has. A reference count could not tell: it falls without an order that
  // would make the other's reads happen before our writes.
  std::bitset<kShardCount> owned_;
};

}  // namespace gusu::storage
