#include "proto/pasted_code.h"

#include <optional>

#include "absl/strings/match.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

void AppendUtf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int continuations = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr unsigned kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[continuations] | c >> (6 * continuations));
  for (int i = continuations - 1; i >= 0; --i) {
    out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
  }
}

// Spaces of any width as " ", full-width ASCII as ASCII, without what cannot be seen.
std::string Mapped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char32_t c = TakeCharacter(text).value_or(0);
    if (c == '\t' || c == '\n' || c == '\r' || IsSpace(c)) {
      out += ' ';
    } else if (c >= 0xFF01 && c <= 0xFF5E) {
      out += static_cast<char>(c - 0xFF01 + 0x21);
    } else if (!IsControl(c) && !IsInvisible(c)) {
      AppendUtf8(c, out);
    }
  }
  return out;
}

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool TakeBeginning(std::string_view beginning, std::string_view& text) {
  if (beginning.empty() || !absl::StartsWithIgnoreCase(AbslView(text), AbslView(beginning))) {
    return false;
  }
  text.remove_prefix(beginning.size());
  return true;
}

// The path of an address of the web; nullopt for what is none.
std::optional<std::string> PathOf(std::string_view text, std::string_view public_url) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  std::string_view rest = text;
  const bool is_ours = TakeBeginning(public_url, rest) && rest.starts_with('/');
  if (!is_ours) {
    rest = text;
    if (!TakeBeginning("https://", rest) && !TakeBeginning("http://", rest)) return std::nullopt;
    const size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(slash);
  }
  rest = rest.substr(0, rest.find_first_of("?#"));
  while (rest.starts_with('/')) rest.remove_prefix(1);
  const absl::StatusOr<std::string> decoded = PercentDecode(rest);
  return decoded.ok() && IsUtf8(*decoded) ? std::optional<std::string>(*decoded) : std::nullopt;
}

}  // namespace

std::string PastedCode(std::string_view text, std::string_view public_url) {
  if (text.size() > kPastedCodeBytesMax || !IsUtf8(text)) return std::string(text);
  std::string code(Trimmed(Mapped(text)));
  if (const std::optional<std::string> path = PathOf(code, public_url)) code = Mapped(*path);
  std::string_view rest = Trimmed(code);
  if (!TakeBeginning("info:hdl/", rest)) TakeBeginning("hdl:", rest);
  const size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::string(Trimmed(rest));
  std::string out;
  for (std::string_view prefix = rest.substr(0, slash); !prefix.empty();) {
    const char32_t c = TakeCharacter(prefix).value_or(0);
    if (c == ' ') continue;
    AppendUtf8(c == U'。' || c == U'｡' ? U'.' : c, out);
  }
  return out + "/" + std::string(Trimmed(rest.substr(slash + 1)));
}

}  // namespace gusu
