#include "server/metrics/metrics.h"

namespace gusu::server {

CallCounter* Metrics::CounterOf(Door door, std::string_view method) {
  const std::lock_guard lock(mutex_);
  std::pair<Door, std::string> key(door, method);
  auto found = counters_.find(key);
  if (found == counters_.end() && counters_.size() >= kCountersMax) {
    key.second = kOtherMethod;
    found = counters_.find(key);
  }
  if (found == counters_.end()) {
    auto counter = std::make_unique<CallCounter>(door, key.second);
    found = counters_.emplace(std::move(key), std::move(counter)).first;
  }
  return found->second.get();
}

std::vector<const CallCounter*> Metrics::counters() const {
  const std::lock_guard lock(mutex_);
  std::vector<const CallCounter*> counters;
  for (const auto& [key, counter] : counters_) counters.push_back(counter.get());
  return counters;
}

std::shared_ptr<void> Metrics::Watch(Gauge gauge) {
  const std::lock_guard lock(gauges_->mutex);
  const uint64_t id = gauges_->next_id++;
  const std::string name = gauge.name;
  gauges_->by_name.insert_or_assign(name, std::pair(id, std::move(gauge)));
  return {nullptr, [gauges = gauges_, name, id](std::nullptr_t) {
            const std::lock_guard unlocking(gauges->mutex);
            const auto found = gauges->by_name.find(name);
            if (found != gauges->by_name.end() && found->second.first == id) {
              gauges->by_name.erase(found);
            }
          }};
}

std::vector<Metrics::GaugeValue> Metrics::ReadGauges() const {
  const std::lock_guard lock(gauges_->mutex);
  std::vector<GaugeValue> values;
  for (const auto& [name, watched] : gauges_->by_name) {
    values.push_back({name, watched.second.meaning, watched.second.read()});
  }
  return values;
}

}  // namespace gusu::server
