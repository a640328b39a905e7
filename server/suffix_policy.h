// What a prefix asks of the suffixes that are registered below it: set when it is granted.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace gusu::storage::v1 {
class PrefixRow;
}
namespace gusu::v1 {
class SuffixPolicy;
}

namespace gusu::server {

inline constexpr size_t kSuffixPatternCharactersMax = 200;

// kInvalidArgument / FIELD_INVALID, naming the field below suffix_policy.
absl::Status ReadSuffixPolicy(const v1::SuffixPolicy& policy, storage::v1::PrefixRow* row);

// kInvalidArgument / SUFFIX_REFUSED, with `check_characters` when those are what is wrong. The
// suffix is one of an identifier, and so has no character that no suffix may have.
absl::Status CheckSuffixPolicy(const storage::v1::PrefixRow& policy, std::string_view suffix);

}  // namespace gusu::server
