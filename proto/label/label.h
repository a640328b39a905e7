// Labels: a symbol that machines read, its quiet zone, and text beside or below it that people
// read. All lengths are millimetres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace gusu {

enum class LabelSymbol { kQr, kDataMatrix, kGs1DataMatrix };

inline constexpr double kMillimetresPerInch = 25.4;

struct LabelSize {
  double width_mm = 0;
  double height_mm = 0;
};

struct LabelOptions {
  static constexpr double kSideMmMax = 300;
  static constexpr double kModuleMmMin = 0.1;
  static constexpr double kModuleMmMax = 5;
  static constexpr double kModuleMmDefault = 0.33;
  static constexpr int kDpiMin = 100;
  static constexpr int kDpiMax = 1200;

  LabelSymbol symbol = LabelSymbol::kQr;
  // nullopt: as small as symbol and text in good size allow, with two rows of 40 mm for each line
  // of text that need not stand whole.
  std::optional<LabelSize> size;
  // The side of one square of the symbol. Where dots are printed it is the nearest whole number of
  // them, at least one.
  double module_mm = kModuleMmDefault;
};

struct LabelContent {
  // UTF-8; for a GS1 symbol an element string with its application identifiers in brackets.
  std::string payload;
  bool is_gs1 = false;
  // The first is the code. The first `whole_lines_count` stand whole; others end in "…" where there
  // is no room for them in characters of any height.
  std::vector<std::string> lines;
  size_t whole_lines_count = 1;
};

// The squares of a symbol, without its quiet zone.
struct SymbolModules {
  size_t side = 0;
  std::vector<bool> dark;    // row by row
  size_t quiet_modules = 0;  // that stay blank on each side
  bool IsDark(size_t row, size_t column) const { return dark[row * side + column]; }
  size_t SideWithQuietZone() const { return side + 2 * quiet_modules; }
};

// Text in a column. The first `whole_lines_count` lines have as many rows as they need, each other
// one two at most.
struct TextBlock {
  std::vector<std::string> lines;
  size_t whole_lines_count = 1;
  double x_mm = 0;
  double y_mm = 0;
  double width_mm = 0;
  double font_mm = 0;
  bool centred = false;
};

// One label: where everything stands.
struct Label {
  LabelSize size;
  SymbolModules symbol;
  double module_mm = 0;    // as it is printed
  double symbol_x_mm = 0;  // of the first module, inside the quiet zone
  double symbol_y_mm = 0;
  TextBlock text;
  bool is_text_cut = false;  // a line ends in "…"
};

// `dpi` 0: without dots. kInvalidArgument: LABEL_TOO_SMALL names the least size (`least_size`) or
// the least module (`least_module`), LABEL_TOO_LARGE what without a size would be larger than any
// may be, LABEL_PAYLOAD_TOO_LONG what does not fit any symbol, LABEL_GLYPH_MISSING text that no
// font of this machine shows, FIELD_INVALID an option out of its bounds. May be called from any
// thread.
absl::StatusOr<Label> LayOutLabel(const LabelContent& content, const LabelOptions& options,
                                  int dpi);

// `30x15mm`, `0.33mm`: at most three decimals.
std::string ToText(const LabelSize& size);
std::string ToMillimetreText(double mm);

}  // namespace gusu
