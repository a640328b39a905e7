#include "proto/papers/csv.h"

namespace gusu::papers {
namespace {
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
}

std::string CsvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string WithoutFormula(std::string_view field) {
  const size_t first = field.find_first_not_of(' ');
  const bool is_formula =
      first != std::string_view::npos &&
      std::string_view("=+-@\t\r\n").find(field[first]) != std::string_view::npos;
  return is_formula ? "'" + std::string(field) : std::string(field);
}

CsvWriter::CsvWriter(const std::vector<std::string>& heading) : text_(kByteOrderMark) {
  AddRow(heading);
}

void CsvWriter::AddRow(const std::vector<std::string>& fields) {
  std::string_view separator;
  for (const std::string& field : fields) {
    text_ += separator;
    text_ += CsvField(WithoutFormula(field));
    separator = ",";
  }
  text_ += "\r\n";
}

}  // namespace gusu::papers
