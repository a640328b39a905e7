// Makes families of metrics as prometheus-cpp's serializer takes them. Only .cc files of this
// folder include it.
#pragma once

#include <prometheus/metric_family.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gusu::server {

using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

inline prometheus::MetricFamily Family(std::string name, std::string help,
                                       prometheus::MetricType type) {
  prometheus::MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

inline void AddCounter(prometheus::MetricFamily* family, MetricLabels labels, double value) {
  prometheus::ClientMetric& metric = family->metric.emplace_back();
  metric.label = std::move(labels);
  metric.counter.value = value;
}

// A family of one metric without labels.
inline prometheus::MetricFamily CounterFamily(std::string name, std::string help, double value) {
  prometheus::MetricFamily family =
      Family(std::move(name), std::move(help), prometheus::MetricType::Counter);
  AddCounter(&family, {}, value);
  return family;
}

inline prometheus::MetricFamily GaugeFamily(std::string name, std::string help, double value) {
  prometheus::MetricFamily family =
      Family(std::move(name), std::move(help), prometheus::MetricType::Gauge);
  family.metric.emplace_back().gauge.value = value;
  return family;
}

// `counts` has one for each bound, and one more for the rest.
void AddHistogram(prometheus::MetricFamily* family, MetricLabels labels,
                  const std::vector<double>& bounds, std::span<const uint64_t> counts, double sum);

}  // namespace gusu::server
