// What is missing in a registration, or looks doubtful, by what everybody can read of it. A finding
// is where an auditor should look; it is no fault of the log, and often none at all.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gusu/resources.h"

namespace gusu::cli {

struct Finding {
  std::string code;      // attribute-missing, gtin-check-digit, …
  std::string field;     // the value's type
  std::string sentence;  // what was found, with the value
};

// Attributes that records of its template and level should have, and that it does not have. What
// stands in `inherited` (types of values) comes from the batch or model.
std::vector<std::string> MissingAttributes(const Record& record,
                                           const std::set<std::string>& inherited);

// Looks at one record after the other.
class RecordChecks {
 public:
  // `committed`: when this revision was logged. `missing`: as MissingAttributes says.
  std::vector<Finding> Check(const Record& record, Timestamp committed, uint64_t leaf_index,
                             const std::vector<std::string>& missing);

 private:
  void CheckSerial(const Record& record, uint64_t leaf_index, std::vector<Finding>* findings);

  struct Seen {
    std::string identifier;
    uint64_t leaf_index = 0;
  };
  std::map<std::string, Seen> serials_;  // of each issuer's models
};

}  // namespace gusu::cli
