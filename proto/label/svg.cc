#include "proto/label/svg.h"

#include <cstdio>

#include "proto/label/text_block.h"
#include "proto/markup.h"
#include "proto/text.h"

namespace gusu {
namespace {

std::string Number(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", number);
  return text;
}

// A rectangle for each run of dark modules in a row, in modules.
std::string RunsOf(const SymbolModules& symbol) {
  std::string path;
  for (size_t row = 0; row < symbol.side; ++row) {
    for (size_t column = 0; column < symbol.side; ++column) {
      const size_t begin = column;
      while (column < symbol.side && symbol.IsDark(row, column)) ++column;
      if (column == begin) continue;
      const size_t length = column - begin;
      path += Concat("M", begin, " ", row, "h", length, "v1h-", length, "z");
    }
  }
  return path;
}

}  // namespace

std::string ToSvg(const Label& label) {
  const std::string width = Number(label.size.width_mm);
  const std::string height = Number(label.size.height_mm);
  return Concat("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"", width,
                "mm\" height=\"", height, "mm\" viewBox=\"0 0 ", width, " ", height, "\">\n<title>",
                EscapeMarkup(label.text.lines.front()), "</title>\n<rect width=\"", width,
                "\" height=\"", height,
                "\" fill=\"#fff\"/>\n<path shape-rendering=\"crispEdges\" transform=\"translate(",
                Number(label.symbol_x_mm), " ", Number(label.symbol_y_mm), ") scale(",
                Number(label.module_mm), ")\" d=\"", RunsOf(label.symbol), "\"/>\n<path d=\"",
                OutlinesOf(label.text), "\"/>\n</svg>\n");
}

}  // namespace gusu
