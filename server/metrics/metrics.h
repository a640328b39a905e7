// What a running server counts for those who operate it: the calls of its doors, and figures that
// doors read when they are asked for. May be called from any thread; outlives the doors.
//
//   CallCounter* counter = metrics->CounterOf(Door::kHttp, "api GET");  // once
//   const CallTimer timer(counter);                                     // for each call
//   …
//   timer.End(200);
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/caller.h"
#include "server/metrics/call_counter.h"

namespace gusu::server {

class Metrics {
 public:
  // Methods of all doors together.
  static constexpr size_t kCountersMax = 1024;
  // What methods beyond them are counted as, for each door.
  static constexpr std::string_view kOtherMethod = "other";

  // That of the door and method, made when it is first asked for; lives as long as this. Takes a
  // lock: doors look it up once.
  CallCounter* CounterOf(Door door, std::string_view method);
  // By door and method.
  std::vector<const CallCounter*> counters() const;

  // A figure of now, whose name says its unit last: read under a lock when figures are asked for,
  // until the returned handle is released. A later one of the same name takes its place.
  struct Gauge {
    std::string name;
    std::string meaning;
    std::function<double()> read;
  };
  [[nodiscard]] std::shared_ptr<void> Watch(Gauge gauge);

  struct GaugeValue {
    std::string name;
    std::string meaning;
    double value;
  };
  // By name.
  std::vector<GaugeValue> ReadGauges() const;

 private:
  // Lives on with the handles.
  struct Gauges {
    std::mutex mutex;  // guards what follows; held while they are read
    uint64_t next_id = 0;
    std::map<std::string, std::pair<uint64_t, Gauge>> by_name;
  };

  mutable std::mutex mutex_;  // guards what follows
  std::map<std::pair<Door, std::string>, std::unique_ptr<CallCounter>, std::less<>> counters_;

  const std::shared_ptr<Gauges> gauges_ = std::make_shared<Gauges>();
};

}  // namespace gusu::server
