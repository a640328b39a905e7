// The target of a request: a path, and parameters behind it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace gusu::server {

// "%2F" as "/", and with `plus_is_space` "+" as " ". kInvalidArgument / TARGET_MALFORMED for "%"
// without two hexadecimal digits, and for what is no UTF-8 when decoded.
absl::StatusOr<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);

// All but letters, digits and "-._~" as %XX: for one segment of a path, or a parameter.
std::string PercentEncode(std::string_view text);

// name=value pairs with "&" between them, decoded: of a query, or of a form's body.
// TARGET_MALFORMED as PercentDecode, and beyond kPairsMax.
using FormPairs = std::vector<std::pair<std::string, std::string>>;
absl::StatusOr<FormPairs> ParseForm(std::string_view text);

struct HttpTarget {
  static constexpr size_t kPairsMax = 4096;

  std::string raw_path;               // as sent, begins with "/"
  std::vector<std::string> segments;  // of raw_path, as sent: "/v1/a%2Fb" is {"v1", "a%2Fb"}
  FormPairs query;                    // decoded, in order
  std::string raw_query;              // as sent, without "?"

  // raw_path without its leading "/", decoded as a whole: "88.118.8/HP-1" of "/88.118.8%2FHP-1".
  absl::StatusOr<std::string> DecodedPath() const;
  // The first of that name.
  std::optional<std::string_view> Parameter(std::string_view name) const;
  std::vector<std::string_view> Parameters(std::string_view name) const;
};

// kInvalidArgument / TARGET_MALFORMED: does not begin with "/", has a fragment, a control, or a
// malformed query. Paths are not normalised: "." and ".." are segments as any others.
absl::StatusOr<HttpTarget> ParseTarget(std::string_view target);

}  // namespace gusu::server
