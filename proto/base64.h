// Standard base64 with padding (RFC 4648, section 4), as the audit log's texts write it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gusu {

std::string Base64Encode(std::string_view bytes);
// Reads only what Base64Encode writes: no line ends, no missing padding, no bits beyond the bytes.
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace gusu
