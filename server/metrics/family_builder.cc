#include "server/metrics/family_builder.h"

#include <limits>

namespace gusu::server {

void AddHistogram(prometheus::MetricFamily* family, MetricLabels labels,
                  const std::vector<double>& bounds, std::span<const uint64_t> counts, double sum) {
  prometheus::ClientMetric& metric = family->metric.emplace_back();
  metric.label = std::move(labels);
  uint64_t cumulative = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    cumulative += counts[i];
    const double bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({cumulative, bound});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = sum;
}

}  // namespace gusu::server
