// The codes that labels are made for, one after another, in bounded memory.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/session.h"

namespace gusu::cli {

// The next code; nothing at the end. After a failure it is not called again.
using LabelCodes = std::function<OrFailure<std::optional<std::string>>()>;

// Those given, then those of the file, one a line; "-" is standard input, "" none.
OrFailure<LabelCodes> ListedCodes(std::vector<std::string> codes, const std::string& file);

// Codes of a serial range: of `range`, by its name or a code of it, between the codes `from` and
// `to`; where these are empty, to its ends. Without `range` it is that of `from`. Fails where the
// pattern permutes serials, whose key no call of the registry tells, and for more than `codes_max`.
struct LabelRange {
  std::string range;
  std::string from;
  std::string to;
  uint64_t codes_max = 0;
};
OrFailure<LabelCodes> RangeCodes(Session& session, Client& client, const LabelRange& asked);

}  // namespace gusu::cli
