#include "client/cli/table.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "client/cli/text_width.h"

namespace gusu::cli {
namespace {

constexpr size_t kGapColumns = 2;

void PrintRow(std::ostream& out, const std::vector<std::string>& cells,
              const std::vector<size_t>& widths) {
  size_t owed = 0;  // spaces before the next cell that is not empty; none at a line's end
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].empty()) {
      out << std::string(owed, ' ') << cells[i];
      owed = 0;
    }
    owed += widths[i] - DisplayWidth(cells[i]) + kGapColumns;
  }
}

}  // namespace

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

std::vector<size_t> Table::ColumnWidths() const {
  std::vector<size_t> widths;
  const auto widen = [&widths](const std::vector<std::string>& cells) {
    widths.resize(std::max(widths.size(), cells.size()));
    for (size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(cells[i]));
    }
  };
  widen(headings_);
  for (const auto& row : rows_) widen(row);
  return widths;
}

void Table::Print(std::ostream& out, bool colour) const {
  if (rows_.empty()) return;
  const std::vector<size_t> widths = ColumnWidths();
  if (!headings_.empty()) {
    if (colour) out << "\033[1m";
    PrintRow(out, headings_, widths);
    if (colour) out << "\033[0m";
    out << '\n';
  }
  for (const auto& row : rows_) {
    PrintRow(out, row, widths);
    out << '\n';
  }
}

}  // namespace gusu::cli
