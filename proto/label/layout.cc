// Where symbol and text of a label stand: text beside the symbol or below it, whichever allows the
// larger characters without a cut.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "proto/error.h"
#include "proto/label/label.h"
#include "proto/label/symbol.h"
#include "proto/label/text_block.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

// Heights of characters that are tried, from good to the least that can be read.
constexpr double kFontsMm[] = {3.2, 2.8, 2.4, 2.0, 1.8, 1.6};
constexpr double kFontMmGood = 2.0;
constexpr double kFontMmMin = 1.6;
constexpr double kMarginMm = 0.8;  // around text
constexpr double kColumnMmMin = 7;
constexpr double kColumnMmMax = 120;
constexpr double kColumnMmMaxOfWholeText = 40;  // to avoid a cut, where the size is free
constexpr double kColumnGrowth = 1.2;           // of one that is tried to the next
constexpr int kNarrowingSteps = 6;
constexpr double kRoundingMm = 1e-6;

absl::Status OptionInvalid(std::string_view field, double value, double min, double max) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat(field, " ", ToMillimetreText(value), " is not between ",
                      ToMillimetreText(min), " and ", ToMillimetreText(max)),
               {{"field", std::string(field)}, {"value", ToMillimetreText(value)}});
}

absl::Status CheckOptions(const LabelOptions& options, int dpi) {
  if (dpi != 0 && (dpi < LabelOptions::kDpiMin || dpi > LabelOptions::kDpiMax)) {
    return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                 Concat("dpi ", dpi, " is not between ", LabelOptions::kDpiMin, " and ",
                        LabelOptions::kDpiMax),
                 {{"field", "dpi"}, {"value", std::to_string(dpi)}});
  }
  const double module_mm = options.module_mm;
  if (!(module_mm >= LabelOptions::kModuleMmMin && module_mm <= LabelOptions::kModuleMmMax)) {
    return OptionInvalid("module", module_mm, LabelOptions::kModuleMmMin,
                         LabelOptions::kModuleMmMax);
  }
  if (!options.size) return absl::OkStatus();
  for (const double side_mm : {options.size->width_mm, options.size->height_mm}) {
    if (!(side_mm >= 1 && side_mm <= LabelOptions::kSideMmMax)) {
      return OptionInvalid("size", side_mm, 1, LabelOptions::kSideMmMax);
    }
  }
  return absl::OkStatus();
}

// A dot's side; 0: there are none.
double DotMm(int dpi) { return dpi == 0 ? 0 : kMillimetresPerInch / dpi; }

absl::StatusOr<double> PrintedModuleMm(double module_mm, int dpi) {
  if (dpi == 0) return module_mm;
  const double dot_mm = DotMm(dpi);
  if (module_mm < dot_mm * 0.999) {
    const std::string least = ToMillimetreText(std::ceil(dot_mm * 1000) / 1000);
    return Error(absl::StatusCode::kInvalidArgument, "LABEL_TOO_SMALL",
                 Concat("modules of ", ToMillimetreText(module_mm), " are smaller than a dot at ",
                        dpi, " dpi: the least is ", least),
                 {{"module", ToMillimetreText(module_mm)}, {"least_module", least}});
  }
  return std::round(module_mm / dot_mm) * dot_mm;
}

// A symbol with its quiet zone, and the text that goes with it.
struct Parts {
  double symbol_mm;
  const LabelContent& content;
};

enum class Side { kBeside, kBelow };

// The box of the text, of any height, on a label of that width.
TextBlock BlockOf(const Parts& parts, Side side, double width_mm, double font_mm) {
  TextBlock block;
  block.lines = parts.content.lines;
  block.whole_lines_count = parts.content.whole_lines_count;
  block.font_mm = font_mm;
  block.centred = side == Side::kBelow;
  block.x_mm = side == Side::kBeside ? parts.symbol_mm : kMarginMm;
  block.width_mm = width_mm - block.x_mm - kMarginMm;
  return block;
}

// Of the whole label, when its text is that high.
double HeightWith(const Parts& parts, Side side, double text_mm) {
  if (side == Side::kBelow) return parts.symbol_mm + text_mm + kMarginMm;
  return std::max(parts.symbol_mm, text_mm + 2 * kMarginMm);
}

double RoundUp(double mm) { return std::ceil(mm * 10 - kRoundingMm) / 10; }

// Whether lines that need not stand whole may be cut all the same where the size is free.
enum class Cuts { kAllowed, kAvoided };
struct Text {
  double font_mm;
  Cuts cuts;
};

// The least height of a label of that width; infinite where the text would be cut and is not to be.
absl::StatusOr<double> LeastHeight(const Parts& parts, Side side, double width_mm,
                                   const Text& text) {
  GUSU_ASSIGN_OR_RETURN(const TextExtent extent,
                        ExtentOf(BlockOf(parts, side, width_mm, text.font_mm)));
  if (extent.is_cut && text.cuts == Cuts::kAvoided) return std::numeric_limits<double>::infinity();
  return RoundUp(HeightWith(parts, side, extent.height_mm));
}

// Labels are compared by their girth, so that none is long and thin.
bool IsLess(const LabelSize& a, const LabelSize& b) {
  return a.width_mm + a.height_mm < b.width_mm + b.height_mm;
}

// The same height with less width, down to `width_min`.
absl::StatusOr<LabelSize> Narrowed(const Parts& parts, Side side, LabelSize size, double width_min,
                                   const Text& text) {
  for (int i = 0; i < kNarrowingSteps; ++i) {
    const double width_mm = RoundUp((width_min + size.width_mm) / 2);
    if (width_mm >= size.width_mm) break;
    GUSU_ASSIGN_OR_RETURN(const double height_mm, LeastHeight(parts, side, width_mm, text));
    if (height_mm <= size.height_mm) {
      size.width_mm = width_mm;
    } else {
      width_min = width_mm;
    }
  }
  return size;
}

// The least label with that text on that side.
absl::StatusOr<LabelSize> LeastSize(const Parts& parts, Side side, const Text& text) {
  const double other_mm = side == Side::kBeside ? parts.symbol_mm + kMarginMm : 2 * kMarginMm;
  double column_mm = std::max(parts.symbol_mm - other_mm, kColumnMmMin);
  double width_before = RoundUp(other_mm + column_mm);
  double width_min = width_before;
  const double column_mm_max = text.cuts == Cuts::kAvoided ? kColumnMmMaxOfWholeText : kColumnMmMax;
  LabelSize least{0, 0};
  do {
    const double width_mm = RoundUp(other_mm + column_mm);
    GUSU_ASSIGN_OR_RETURN(const double height_mm, LeastHeight(parts, side, width_mm, text));
    const LabelSize size{width_mm, height_mm};
    if (least.width_mm == 0 || IsLess(size, least)) {
      least = size;
      width_min = width_before;
    }
    // Nothing is won by a wider one when the symbol alone takes the height.
    if (side == Side::kBeside && height_mm <= RoundUp(parts.symbol_mm)) break;
    width_before = width_mm;
    column_mm *= kColumnGrowth;
  } while (column_mm <= column_mm_max);
  if (std::isfinite(least.height_mm)) return Narrowed(parts, side, least, width_min, text);
  // It is cut at any width: at the greatest one least of it.
  GUSU_ASSIGN_OR_RETURN(const double height_mm,
                        LeastHeight(parts, side, width_before, Text{text.font_mm, Cuts::kAllowed}));
  return LabelSize{width_before, height_mm};
}

absl::StatusOr<LabelSize> LeastSize(const Parts& parts, const Text& text) {
  GUSU_ASSIGN_OR_RETURN(const LabelSize beside, LeastSize(parts, Side::kBeside, text));
  GUSU_ASSIGN_OR_RETURN(const LabelSize below, LeastSize(parts, Side::kBelow, text));
  return IsLess(below, beside) ? below : beside;
}

struct Fit {
  TextBlock block;  // without lines: none fits
  bool is_cut = false;
};

// Text that is not cut counts more than large characters.
bool IsBetter(const Fit& a, const Fit& b) {
  if (a.block.lines.empty()) return false;
  if (b.block.lines.empty()) return true;
  if (a.is_cut != b.is_cut) return b.is_cut;
  return a.block.font_mm > b.block.font_mm;
}

// The text on that side in the largest characters in which all of it fits, else in the largest ones
// in which it fits when it is cut.
absl::StatusOr<Fit> FitText(const Parts& parts, Side side, const LabelSize& size) {
  Fit best;
  for (const double font_mm : kFontsMm) {
    TextBlock block = BlockOf(parts, side, size.width_mm, font_mm);
    if (block.width_mm + kRoundingMm < kColumnMmMin) break;
    GUSU_ASSIGN_OR_RETURN(const TextExtent extent, ExtentOf(block));
    if (HeightWith(parts, side, extent.height_mm) > size.height_mm + kRoundingMm) continue;
    const double from_mm = side == Side::kBelow ? parts.symbol_mm : 0;
    const double room_mm = size.height_mm - from_mm - (side == Side::kBelow ? kMarginMm : 0);
    block.y_mm = from_mm + (room_mm - extent.height_mm) / 2;
    const Fit fit = {std::move(block), extent.is_cut};
    if (IsBetter(fit, best)) best = fit;
    if (!best.is_cut) break;
  }
  return best;
}

absl::Status TooSmall(const Parts& parts, const LabelSize& size, double module_mm) {
  GUSU_ASSIGN_OR_RETURN(const LabelSize least, LeastSize(parts, Text{kFontMmMin, Cuts::kAllowed}));
  return Error(absl::StatusCode::kInvalidArgument, "LABEL_TOO_SMALL",
               Concat("a label of ", ToText(size), " is too small for \"",
                      Quote(parts.content.lines.front()), "\": the least is ", ToText(least),
                      " with modules of ", ToMillimetreText(module_mm)),
               {{"size", ToText(size)},
                {"identifier", Quote(parts.content.lines.front())},
                {"least_size", ToText(least)},
                {"module", ToMillimetreText(module_mm)}});
}

absl::Status CheckNotTooLarge(const LabelSize& size, const std::string& identifier) {
  constexpr double kMax = LabelOptions::kSideMmMax;
  if (size.width_mm <= kMax && size.height_mm <= kMax) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "LABEL_TOO_LARGE",
               Concat("the least label for \"", Quote(identifier), "\" is ", ToText(size),
                      ", larger than ", ToMillimetreText(kMax)),
               {{"identifier", Quote(identifier)}, {"size", ToText(size)}});
}

// On whole dots, where there are dots.
double Snapped(double mm, double dot_mm) {
  return dot_mm == 0 ? mm : std::floor(mm / dot_mm + kRoundingMm) * dot_mm;
}

std::string Trimmed(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", number);
  std::string trimmed = text;
  trimmed.erase(trimmed.find_last_not_of('0') + 1);
  if (trimmed.back() == '.') trimmed.pop_back();
  return trimmed;
}

}  // namespace

std::string ToMillimetreText(double mm) { return Trimmed(mm) + "mm"; }

std::string ToText(const LabelSize& size) {
  return Concat(Trimmed(size.width_mm), "x", ToMillimetreText(size.height_mm));
}

absl::StatusOr<Label> LayOutLabel(const LabelContent& content, const LabelOptions& options,
                                  int dpi) {
  GUSU_RETURN_IF_ERROR(CheckOptions(options, dpi));
  Label label;
  GUSU_ASSIGN_OR_RETURN(label.symbol, EncodeSymbol(content, options.symbol));
  GUSU_ASSIGN_OR_RETURN(label.module_mm, PrintedModuleMm(options.module_mm, dpi));
  const Parts parts{static_cast<double>(label.symbol.SideWithQuietZone()) * label.module_mm,
                    content};
  if (options.size) {
    label.size = *options.size;
  } else {
    GUSU_ASSIGN_OR_RETURN(label.size, LeastSize(parts, Text{kFontMmGood, Cuts::kAvoided}));
    GUSU_RETURN_IF_ERROR(CheckNotTooLarge(label.size, content.lines.front()));
  }
  GUSU_ASSIGN_OR_RETURN(const Fit beside, FitText(parts, Side::kBeside, label.size));
  GUSU_ASSIGN_OR_RETURN(const Fit below, FitText(parts, Side::kBelow, label.size));
  const bool is_below = IsBetter(below, beside);
  label.text = is_below ? below.block : beside.block;
  label.is_text_cut = is_below ? below.is_cut : beside.is_cut;
  if (label.text.lines.empty()) return TooSmall(parts, label.size, label.module_mm);
  const double quiet_mm = static_cast<double>(label.symbol.quiet_modules) * label.module_mm;
  const double dot_mm = DotMm(dpi);
  const double x_mm = is_below ? (label.size.width_mm - parts.symbol_mm) / 2 : 0;
  const double y_mm = is_below ? 0 : (label.size.height_mm - parts.symbol_mm) / 2;
  label.symbol_x_mm = Snapped(x_mm, dot_mm) + quiet_mm;
  label.symbol_y_mm = Snapped(y_mm, dot_mm) + quiet_mm;
  return label;
}

}  // namespace gusu
