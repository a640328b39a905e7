#include "client/cli/text_width.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace gusu::cli {
namespace {

struct Decoded {
  uint32_t character;
  size_t bytes;
  bool valid;
};

// The character that begins at `at`; one byte and not valid where the text is not UTF-8.
Decoded DecodeAt(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const Decoded invalid{lead, 1, false};
  if (lead < 0x80) return {lead, 1, true};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + bytes > text.size()) return invalid;
  uint32_t character = lead & (0xFF >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) return invalid;
    character = character << 6 | (next & 0x3F);
  }
  const uint32_t least = bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : 0x80;
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < least || character > 0x10FFFF || surrogate) return invalid;
  return {character, bytes, true};
}

struct Span {
  uint32_t first, last;
};

// Unicode's East Asian Width W and F, by blocks.
constexpr std::array<Span, 18> kWide{{{0x1100, 0x115F},
                                      {0x2329, 0x232A},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0x33FF},
                                      {0x3400, 0x4DBF},
                                      {0x4E00, 0x9FFF},
                                      {0xA000, 0xA4CF},
                                      {0xA960, 0xA97C},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE10, 0xFE19},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1F64F},
                                      {0x1F680, 0x1F6FF},
                                      {0x1F900, 0x1F9FF},
                                      {0x20000, 0x3FFFD}}};

// Combining marks and characters without a width.
constexpr std::array<Span, 9> kZero{{{0x0300, 0x036F},
                                     {0x0483, 0x0489},
                                     {0x1AB0, 0x1AFF},
                                     {0x1DC0, 0x1DFF},
                                     {0x200B, 0x200F},
                                     {0x20D0, 0x20FF},
                                     {0xFE00, 0xFE0F},
                                     {0xFE20, 0xFE2F},
                                     {0xE0100, 0xE01EF}}};

template <size_t N>
bool IsIn(const std::array<Span, N>& spans, uint32_t character) {
  return std::any_of(spans.begin(), spans.end(), [character](const Span& span) {
    return character >= span.first && character <= span.last;
  });
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    const Decoded decoded = DecodeAt(text, at);
    at += decoded.bytes;
    if (decoded.valid && IsIn(kZero, decoded.character)) continue;
    columns += decoded.valid && IsIn(kWide, decoded.character) ? 2 : 1;
  }
  return columns;
}

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Decoded decoded = DecodeAt(text, at);
    if (!decoded.valid) return false;
    at += decoded.bytes;
  }
  return true;
}

}  // namespace gusu::cli
