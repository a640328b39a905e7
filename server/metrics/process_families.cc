#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "server/metrics/families.h"
#include "server/metrics/family_builder.h"

namespace gusu::server {
namespace {

// Fields of /proc/self/stat behind the name, counted from 0: proc(5), number 3 is the first.
constexpr size_t kUserTicks = 11;
constexpr size_t kSystemTicks = 12;
constexpr size_t kThreads = 17;
constexpr size_t kStartTicks = 19;
constexpr size_t kVirtualBytes = 20;
constexpr size_t kResidentPages = 21;

// Empty where the system does not say.
std::vector<double> StatFields() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const size_t name_end = text.rfind(')');  // the name may hold spaces
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  std::string state;
  rest >> state;
  std::vector<double> fields = {0};
  std::copy(std::istream_iterator<double>(rest), {}, std::back_inserter(fields));
  return fields.size() > kResidentPages ? fields : std::vector<double>();
}

// Seconds since 1970 at which the machine was started.
double BootSeconds() {
  timespec now{};
  timespec since_boot{};
  clock_gettime(CLOCK_REALTIME, &now);
  clock_gettime(CLOCK_BOOTTIME, &since_boot);
  return static_cast<double>(now.tv_sec - since_boot.tv_sec) +
         static_cast<double>(now.tv_nsec - since_boot.tv_nsec) / 1e9;
}

double OpenFiles() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return 0;
  return static_cast<double>(std::distance(begin(files), end(files)));
}

}  // namespace

void AddProcessFamilies(MetricFamilies* families) {
  auto build =
      Family("gusu_build_info", "Which program this is; always 1", prometheus::MetricType::Gauge);
  prometheus::ClientMetric& version = build.metric.emplace_back();
  version.label = {{"version", GUSU_VERSION}};
  version.gauge.value = 1;
  families->push_back(std::move(build));

  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  families->push_back(GaugeFamily("process_open_fds", "Open file descriptors", OpenFiles()));
  families->push_back(GaugeFamily("process_max_fds", "File descriptors that may be open",
                                  static_cast<double>(files.rlim_cur)));
  const std::vector<double> fields = StatFields();
  if (fields.empty()) return;
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  families->push_back(
      CounterFamily("process_cpu_seconds_total", "CPU time that was used",
                    (fields[kUserTicks] + fields[kSystemTicks]) / ticks_per_second));
  families->push_back(GaugeFamily("process_start_time_seconds",
                                  "When the process began, in seconds since 1970 UTC",
                                  BootSeconds() + fields[kStartTicks] / ticks_per_second));
  families->push_back(GaugeFamily("process_resident_memory_bytes", "Memory in use",
                                  fields[kResidentPages] * static_cast<double>(getpagesize())));
  families->push_back(
      GaugeFamily("process_virtual_memory_bytes", "Addresses in use", fields[kVirtualBytes]));
  families->push_back(GaugeFamily("process_threads", "Threads", fields[kThreads]));
}

}  // namespace gusu::server
