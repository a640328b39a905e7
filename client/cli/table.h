// Tables for people: columns aligned by display width, controls made visible.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace gusu::cli {

class Table {
 public:
  // Without headings it is a list of names and their values.
  explicit Table(std::vector<std::string> headings = {});

  // Missing cells are empty; a table has as many columns as its longest row.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  // Headings in bold when `colour`. Prints nothing without rows.
  void Print(std::ostream& out, bool colour) const;

 private:
  std::vector<size_t> ColumnWidths() const;

  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace gusu::cli
