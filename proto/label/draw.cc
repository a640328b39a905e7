#include "proto/label/draw.h"

#include "proto/label/text_block.h"

namespace gusu {

void DrawLabel(cairo_t* context, const Label& label) {
  cairo_save(context);
  // Modules end where they end, never in a grey.
  cairo_set_antialias(context, CAIRO_ANTIALIAS_NONE);
  const SymbolModules& symbol = label.symbol;
  for (size_t row = 0; row < symbol.side; ++row) {
    for (size_t column = 0; column < symbol.side; ++column) {
      const size_t begin = column;
      while (column < symbol.side && symbol.IsDark(row, column)) ++column;
      if (column == begin) continue;
      cairo_rectangle(context, label.symbol_x_mm + static_cast<double>(begin) * label.module_mm,
                      label.symbol_y_mm + static_cast<double>(row) * label.module_mm,
                      static_cast<double>(column - begin) * label.module_mm, label.module_mm);
    }
  }
  cairo_fill(context);
  cairo_restore(context);
  DrawText(context, label.text);
}

}  // namespace gusu
