#include "server/doors/handle/value_list.h"

#include <algorithm>
#include <utility>

#include "gusu/v1/resources.pb.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr uint8_t kHiddenPermissions = handle::kAdminRead | handle::kAdminWrite;

uint32_t Seconds(int64_t unix_s) {
  return static_cast<uint32_t>(std::clamp<int64_t>(unix_s, 0, UINT32_MAX));
}

std::string StateText(const v1::Record& record) {
  std::string text = v1::Record::State_Name(record.state());
  if (record.has_retirement()) {
    text = Concat(text, " ", v1::Retirement::Reason_Name(record.retirement().reason()));
  }
  return text;
}

}  // namespace

void ValueList::Add(const v1::Record& record) {
  for (const v1::Value& value : record.values()) Add(value);
}

void ValueList::Add(const v1::Value& value) {
  if (!wanted_.AsksFor(value.index(), value.type())) return;
  handle::Value& added = values_.emplace_back();
  added.index = value.index();
  added.timestamp_s = Seconds(value.modified_time().seconds());
  if (value.has_cache_until()) {
    added.ttl_type = handle::TtlType::kAbsolute;
    added.ttl = Seconds(value.cache_until().seconds());
  } else {
    added.ttl = value.ttl_seconds();
  }
  added.permissions = value.tier() == v1::PUBLIC ? handle::kDefaultPermissions : kHiddenPermissions;
  added.type = value.type();
  added.data = value.data();
  if (value.references().empty()) return;
  std::vector<handle::Reference> references;
  for (const v1::Reference& reference : value.references()) {
    references.push_back({reference.identifier(), reference.index()});
  }
  added.references = handle::ReferenceList(references, kept_.emplace_back());
}

void ValueList::AddState(const v1::Record& record) {
  if (record.state() == v1::Record::ACTIVE) return;
  AddMade(kStateIndex, record.update_time().seconds(), kStateType, StateText(record));
}

void ValueList::AddMade(uint32_t index, int64_t time_s, std::string_view type, std::string data) {
  if (!wanted_.AsksFor(index, type)) return;
  handle::Value& added = values_.emplace_back();
  added.index = index;
  added.timestamp_s = Seconds(time_s);
  added.type = type;
  added.data = kept_.emplace_back(std::move(data));
}

void ValueList::Replace(uint32_t index, int64_t time_s, std::string_view type, std::string data) {
  values_.erase(
      std::remove_if(values_.begin(), values_.end(),
                     [index](const handle::Value& value) { return value.index == index; }),
      values_.end());
  AddMade(index, time_s, type, std::move(data));
}

}  // namespace gusu::server
