// What a verification found that does not fit.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gusu/status.h"

namespace gusu {

class Differences {
 public:
  explicit Differences(size_t differences_max) : differences_max_(differences_max) {}

  // What comes when it is full is not kept.
  void Add(std::string difference) {
    if (!full()) differences_.push_back(std::move(difference));
  }
  // `where` could not be read.
  void Add(const std::string& where, const Status& damage);
  bool full() const { return differences_.size() >= differences_max_; }
  bool empty() const { return differences_.empty(); }
  std::vector<std::string> Take() && { return std::move(differences_); }

 private:
  size_t differences_max_;
  std::vector<std::string> differences_;
};

// How a difference names a resource: a record by its identifier, any other by its name.
std::string ForReader(const std::string& resource);

// Whether an error of a source says that what was asked for is damaged or missing there.
bool IsDamage(const Status& status);

}  // namespace gusu
