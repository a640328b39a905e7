// Golden files: lines of `name: text` that a change of code must not change by accident.
//
// To write them anew, and then read the difference:
//   GUSU_UPDATE_GOLDENS=1 build/release/bin/proto_test
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace gusu::test {

using Golden = std::vector<std::pair<std::string, std::string>>;

// What golden/`file` holds is `lines`; fails the running case otherwise.
void CheckGolden(const std::string& file, const Golden& lines);

}  // namespace gusu::test
