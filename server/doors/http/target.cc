#include "server/doors/http/target.h"

#include <algorithm>

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu::server {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

absl::Status Malformed(std::string_view text, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "TARGET_MALFORMED",
               Concat("target ", Quote(text), ": ", what), {{"target", std::string(text)}});
}

// -1: not hexadecimal.
int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsUnreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Cuts `text` at each `separator`; there is always a last piece, also an empty one.
template <typename Take>
void Split(std::string_view text, char separator, const Take& take) {
  for (;;) {
    const size_t end = text.find(separator);
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

absl::StatusOr<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return Malformed(text, Concat("\"%\" at byte ", i, " has no two hexadecimal digits"));
      }
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!IsUtf8(decoded)) return Malformed(text, "is not UTF-8 when decoded");
  return decoded;
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kHexDigits[byte >> 4], kHexDigits[byte & 0xF]};
    }
  }
  return encoded;
}

absl::StatusOr<FormPairs> ParseForm(std::string_view text) {
  const size_t separators = static_cast<size_t>(std::count(text.begin(), text.end(), '&'));
  if (separators >= HttpTarget::kPairsMax) {
    return Malformed(text, Concat("has more than ", HttpTarget::kPairsMax, " parameters"));
  }
  FormPairs pairs;
  absl::Status status;
  Split(text, '&', [&](std::string_view piece) {
    if (piece.empty() || !status.ok()) return;
    const size_t equals = piece.find('=');
    auto name = PercentDecode(piece.substr(0, equals), true);
    auto value = PercentDecode(
        equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1), true);
    if (name.ok() && value.ok()) {
      pairs.emplace_back(*std::move(name), *std::move(value));
    } else {
      status = PercentDecode(piece, true).status();  // with the name before the value
    }
  });
  GUSU_RETURN_IF_ERROR(status);
  return pairs;
}

absl::StatusOr<std::string> HttpTarget::DecodedPath() const {
  return PercentDecode(std::string_view(raw_path).substr(1));
}

std::optional<std::string_view> HttpTarget::Parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> HttpTarget::Parameters(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : query) {
    if (key == name) values.emplace_back(value);
  }
  return values;
}

absl::StatusOr<HttpTarget> ParseTarget(std::string_view target) {
  if (target.empty() || target.front() != '/') return Malformed(target, "must begin with \"/\"");
  for (const char c : target) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7F') {
      return Malformed(target, "has a space or a control character");
    }
    if (c == '#') return Malformed(target, "has a fragment");
  }
  HttpTarget parsed;
  const size_t question = target.find('?');
  parsed.raw_path = target.substr(0, question);
  if (question != std::string_view::npos) parsed.raw_query = target.substr(question + 1);
  Split(std::string_view(parsed.raw_path).substr(1), '/',
        [&parsed](std::string_view segment) { parsed.segments.emplace_back(segment); });
  GUSU_ASSIGN_OR_RETURN(parsed.query, ParseForm(parsed.raw_query));
  return parsed;
}

}  // namespace gusu::server
