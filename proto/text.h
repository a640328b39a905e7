// Text for messages: joining it, and quoting what others wrote so that it can be shown.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "absl/strings/string_view.h"

namespace gusu {

// Abseil as packaged has a string_view of its own; these pass between it and the standard one.
inline std::string_view StdView(absl::string_view text) { return {text.data(), text.size()}; }
inline absl::string_view AbslView(std::string_view text) { return {text.data(), text.size()}; }

// Parts are text or integers: Concat("row ", 17, " of ", rows.size()).
template <typename... Parts>
std::string Concat(const Parts&... parts) {
  std::string out;
  [[maybe_unused]] const auto append = [&out](const auto& part) {
    using Part = std::decay_t<decltype(part)>;
    if constexpr (std::same_as<Part, char>) {
      out += part;
    } else if constexpr (std::integral<Part>) {
      out += std::to_string(part);
    } else {
      out += std::string_view(part);
    }
  };
  (append(parts), ...);
  return out;
}

// For messages: at most the first 80 characters, then "…". Characters that do not show are written
// as \u{200B}, bytes that are not UTF-8 as \xFF.
std::string Quote(std::string_view text);

}  // namespace gusu
