// Comma-separated values as RFC 4180 has them, made to be opened in a spreadsheet.
//
// UTF-8 with a byte order mark, without which spreadsheets take it for something else; lines end in
// CRLF. A field that a spreadsheet would take for a formula gets an apostrophe before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gusu::papers {

// A field as CSV has it: quoted when it holds a comma, a quote or a line end.
std::string CsvField(std::string_view text);
// Begins with = + - @, a tab or a carriage return, spaces before it not counted: 'text.
std::string WithoutFormula(std::string_view field);

class CsvWriter {
 public:
  explicit CsvWriter(const std::vector<std::string>& heading);

  void AddRow(const std::vector<std::string>& fields);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace gusu::papers
