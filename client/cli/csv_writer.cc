#include "client/cli/csv_writer.h"

#include "client/cli/rejects.h"

namespace gusu::cli {
namespace {
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
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

}  // namespace gusu::cli
