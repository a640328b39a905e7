// The values of an answer, as the protocol has them.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/handle/request.h"

namespace gusu::v1 {
class Record;
class Value;
}  // namespace gusu::v1

namespace gusu::server {

// GUSU.STATE: what became of a code that is not in use as usual.
inline constexpr uint32_t kStateIndex = 1000;
inline constexpr std::string_view kStateType = "GUSU.STATE";

class ValueList {
 public:
  // Values that `wanted` does not ask for are passed over. It outlives the list.
  explicit ValueList(const handle::ResolveRequest& wanted) : wanted_(wanted) {}

  // The record's message outlives the list.
  void Add(const v1::Record& record);
  void Add(const v1::Value& value);
  // GUSU.STATE, unless the record is ACTIVE.
  void AddState(const v1::Record& record);
  // A value that everybody may read; `data` is kept.
  void AddMade(uint32_t index, int64_t time_s, std::string_view type, std::string data);
  // Of the same index, what stands in the list is replaced.
  void Replace(uint32_t index, int64_t time_s, std::string_view type, std::string data);

  std::span<const handle::Value> values() const { return values_; }
  bool empty() const { return values_.empty(); }

 private:
  const handle::ResolveRequest& wanted_;
  std::vector<handle::Value> values_;
  std::deque<std::string> kept_;  // what values point to that no message holds
};

}  // namespace gusu::server
