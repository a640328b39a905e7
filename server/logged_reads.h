// What the bureau may read beyond PUBLIC in one request: that of which the log says that it is
// read.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "proto/text.h"

namespace gusu::server {

class LoggedReads {
 public:
  // By comparison key of identifiers.
  static LoggedReads OfRecords(absl::flat_hash_set<std::string> identifier_keys) {
    LoggedReads reads;
    reads.identifier_keys_ = std::move(identifier_keys);
    return reads;
  }
  // Of everything: to find out what is to be logged. What is read by it is handed to nobody.
  static LoggedReads OfAll() {
    LoggedReads reads;
    reads.covers_all_ = true;
    return reads;
  }

  bool Covers(std::string_view identifier_key) const {
    return covers_all_ || identifier_keys_.contains(AbslView(identifier_key));
  }

 private:
  LoggedReads() = default;
  absl::flat_hash_set<std::string> identifier_keys_;
  bool covers_all_ = false;
};

}  // namespace gusu::server
