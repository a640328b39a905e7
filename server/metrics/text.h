// All figures of a server in the text format of Prometheus: what each is, deploy/METRICS.md says.
#pragma once

#include <string>

namespace gusu::storage {
class Ledger;
}

namespace gusu::server {

class Checkpoints;
class Metrics;

// What figures are read of; nullptr: none of that.
struct MetricsSources {
  const Metrics* metrics = nullptr;
  const storage::Ledger* ledger = nullptr;
  const Checkpoints* checkpoints = nullptr;
};

inline constexpr char kMetricsContentType[] = "text/plain; version=0.0.4; charset=utf-8";

// Some hundred lines for each door that is used, in some milliseconds.
std::string MetricsText(const MetricsSources& sources);

}  // namespace gusu::server
