#include <algorithm>

#include "absl/status/status.h"
#include "server/metrics/families.h"
#include "server/metrics/family_builder.h"
#include "server/metrics/metrics.h"

namespace gusu::server {
namespace {

// Response codes of the Handle protocol that say that the server failed: ERROR, SERVER_TOO_BUSY and
// its own errors of storage.
constexpr int kHandleError = 2;
constexpr int kHandleServerTooBusy = 3;
constexpr int kHttpServerErrors = 500;
constexpr int kHttpNotImplemented = 501;

std::string DoorName(Door door) {
  switch (door) {
    case Door::kGrpc:
      return "grpc";
    case Door::kHandle:
      return "handle";
    case Door::kHttp:
      return "http";
    case Door::kInternal:
      break;
  }
  return "internal";
}

std::string CodeName(Door door, int code) {
  if (code == CallCounter::kNoAnswer) return "none";
  if (code == CallCounter::kOtherCode) return "other";
  if (door != Door::kGrpc) return std::to_string(code);
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

// Whether it says that the server is at fault, not the caller.
bool IsError(Door door, int code) {
  switch (door) {
    case Door::kGrpc:
      switch (static_cast<absl::StatusCode>(code)) {
        case absl::StatusCode::kUnknown:
        case absl::StatusCode::kInternal:
        case absl::StatusCode::kUnavailable:
        case absl::StatusCode::kDataLoss:
          return true;
        default:
          return false;
      }
    case Door::kHandle:
      return code == kHandleError || code == kHandleServerTooBusy;
    case Door::kHttp:
      return code >= kHttpServerErrors && code != kHttpNotImplemented;
    case Door::kInternal:
      return false;
  }
  return false;
}

std::vector<double> LatencyBoundsSeconds() {
  std::vector<double> bounds;
  for (const int64_t bound_us : CallCounter::kLatencyBoundsUs) {
    bounds.push_back(static_cast<double>(bound_us) / 1e6);
  }
  return bounds;
}

}  // namespace

void AddCallFamilies(const Metrics& metrics, MetricFamilies* families) {
  auto calls = Family("gusu_calls_total", "Calls that ended, by what they were answered with",
                      prometheus::MetricType::Counter);
  auto errors = Family("gusu_call_errors_total", "Of them, those that failed by the server's fault",
                       prometheus::MetricType::Counter);
  auto seconds = Family("gusu_call_seconds",
                        "From the request, whole, to its answer; streams: of each message",
                        prometheus::MetricType::Histogram);
  const std::vector<double> bounds = LatencyBoundsSeconds();
  for (const CallCounter* counter : metrics.counters()) {
    const CallCounter::Figures figures = counter->Read();
    if (figures.codes.empty()) continue;
    const std::string door = DoorName(counter->door());
    const MetricLabels labels = {{"door", door}, {"method", counter->method()}};
    uint64_t errors_count = 0;
    for (const auto& [code, count] : figures.codes) {
      MetricLabels with_code = labels;
      with_code.push_back({"code", CodeName(counter->door(), code)});
      AddCounter(&calls, std::move(with_code), static_cast<double>(count));
      if (IsError(counter->door(), code)) errors_count += count;
    }
    AddCounter(&errors, labels, static_cast<double>(errors_count));
    AddHistogram(&seconds, labels, bounds, figures.latencies, figures.latency_seconds_sum);
  }
  for (auto* family : {&calls, &errors, &seconds}) families->push_back(std::move(*family));
}

void AddGaugeFamilies(const Metrics& metrics, MetricFamilies* families) {
  for (Metrics::GaugeValue& gauge : metrics.ReadGauges()) {
    families->push_back(GaugeFamily(std::move(gauge.name), std::move(gauge.meaning), gauge.value));
  }
}

}  // namespace gusu::server
