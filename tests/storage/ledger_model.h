// What a ledger does, written down as simply as can be: a std::map of rows and one of requests.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/ledger.h"

namespace gusu::storage {

class LedgerModel {
 public:
  struct Version {
    uint64_t revision = 0;
    uint64_t leaf_index = 0;
    std::string text;
  };
  struct Known {
    Hash digest;
    Appended appended;
  };

  enum class Verdict { kAppended, kRepeated, kReused, kRefused };
  // What a set has to come to now, without doing it.
  Verdict Judge(const ChangeSet& set) const;
  // Does the set, whose first change got `first`; returns what the ledger must have answered.
  Appended Apply(const ChangeSet& set, Receipt first);

  // Versions of each record row, oldest first, by key.
  const std::map<std::string, std::vector<Version>>& rows() const { return rows_; }
  const std::map<std::string, Known>& requests() const { return requests_; }
  uint64_t leaf_count() const { return leaf_count_; }
  uint64_t last_revision() const { return last_revision_; }
  uint64_t RecordCount(const std::string& prefix_key) const;

 private:
  bool Holds(const Precondition& precondition, uint64_t added) const;
  std::string NextCode(const MintRequest& mint);

  std::map<std::string, std::vector<Version>> rows_;
  std::map<std::string, Known> requests_;
  std::map<std::string, uint64_t> records_;
  std::map<std::string, uint64_t> serials_;
  uint64_t leaf_count_ = 0;
  uint64_t last_revision_ = 0;
};

}  // namespace gusu::storage
