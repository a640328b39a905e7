#include "proto/base64.h"

#include "absl/strings/escaping.h"
#include "proto/text.h"

namespace gusu {

std::string Base64Encode(std::string_view bytes) { return absl::Base64Escape(AbslView(bytes)); }

std::optional<std::string> Base64Decode(std::string_view text) {
  std::string bytes;
  // Abseil also reads text with spaces and without padding: forms that nobody writes.
  if (!absl::Base64Unescape(AbslView(text), &bytes) || Base64Encode(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace gusu
