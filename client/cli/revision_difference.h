// What differs between two revisions of a record, field by field and value by value.
#pragma once

#include <string>
#include <vector>

#include "gusu/resources.h"

namespace gusu::cli {

// Stands for a value of a tier that was erased in one of the two revisions.
inline constexpr char kErasedText[] = "(erased)";

struct RevisionDifference {
  std::string field;   // `state`, `values[2003].data`
  std::string before;  // empty: it was not there
  std::string after;   // empty: it is not there any more
};

// In the order of a record's fields; values by index. A tier that was erased in one of the two has
// a row of its own, `values of OWNER`, and its values show as kErasedText there.
std::vector<RevisionDifference> Differences(const Record& before, const Record& after);

}  // namespace gusu::cli
