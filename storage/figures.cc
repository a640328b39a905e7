#include "storage/figures.h"

#include <algorithm>
#include <numeric>

#include "storage/engine.h"

namespace gusu::storage {

Distribution::Distribution(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Distribution::Add(double size) {
  const auto range = std::lower_bound(bounds_.begin(), bounds_.end(), size);
  ++counts_[static_cast<size_t>(range - bounds_.begin())];
  sum_ += size;
}

uint64_t Distribution::count() const {
  return std::accumulate(counts_.begin(), counts_.end(), uint64_t{0});
}

EngineFigures Engine::Figures() { return {}; }

}  // namespace gusu::storage
