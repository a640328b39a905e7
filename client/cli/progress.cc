#include "client/cli/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace gusu::cli {
namespace {

constexpr size_t kBarColumns = 24;
constexpr std::chrono::milliseconds kRedrawEvery(200);

std::string ToDuration(double seconds) {
  const auto whole = static_cast<uint64_t>(std::llround(seconds));
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%llu:%02llu:%02llu",
                  static_cast<unsigned long long>(whole / 3600),
                  static_cast<unsigned long long>(whole / 60 % 60),
                  static_cast<unsigned long long>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%llu:%02llu", static_cast<unsigned long long>(whole / 60),
                  static_cast<unsigned long long>(whole % 60));
  }
  return text;
}

}  // namespace

std::string ProgressLine(const ProgressState& state) {
  std::string line;
  double done = 0;
  if (state.bytes_total > 0) {
    done = std::min(1.0,
                    static_cast<double>(state.bytes_read) / static_cast<double>(state.bytes_total));
    const auto filled = static_cast<size_t>(done * kBarColumns);
    char percent[8];
    std::snprintf(percent, sizeof percent, "%3d%%", static_cast<int>(done * 100));
    line = "[" + std::string(filled, '#') + std::string(kBarColumns - filled, '.') + "] " +
           percent + "  ";
  }
  line += WithThousands(state.rows_count) + " " + state.unit;
  if (state.elapsed_seconds > 0) {
    const double rate = static_cast<double>(state.rows_count) / state.elapsed_seconds;
    line += "  " + WithThousands(static_cast<uint64_t>(rate)) + "/s";
    if (done > 0) line += "  " + ToDuration(state.elapsed_seconds * (1 - done) / done) + " left";
  }
  if (state.refused_count > 0) line += "  " + WithThousands(state.refused_count) + " refused";
  return line;
}

Progress::Progress(std::ostream& out, bool enabled, uint64_t bytes_total, const char* unit)
    : out_(out), enabled_(enabled), bytes_total_(bytes_total), unit_(unit) {}

Progress::~Progress() {
  if (drawn_) out_ << "\r\033[K" << std::flush;
}

void Progress::Show(uint64_t bytes_read, uint64_t rows_count, uint64_t refused_count) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (now - shown_ < kRedrawEvery) return;
  shown_ = now;
  drawn_ = true;
  out_ << '\r'
       << ProgressLine(
              {bytes_read, bytes_total_, rows_count, refused_count, elapsed_seconds(), unit_})
       << "\033[K" << std::flush;
}

double Progress::elapsed_seconds() const {
  return std::chrono::duration<double>(Clock::now() - begin_).count();
}

}  // namespace gusu::cli
