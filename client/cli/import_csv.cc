#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "client/cli/csv_reader.h"
#include "client/cli/import_source.h"
#include "client/cli/text_width.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

constexpr std::array<std::string_view, 6> kFields = {"identifier",  "template", "level",
                                                     "instance_of", "state",    "effective_time"};

struct Column {
  std::string heading;
  // Empty for a field of the row.
  std::optional<ValueKey> value;
};

OrFailure<std::vector<Column>> ReadHeading(CsvReader* reader) {
  CsvRecord heading;
  if (!reader->Next(&heading)) return UsageFailure("the file is empty: it has no heading line");
  if (!heading.fault.empty()) return UsageFailure("in the heading: " + heading.fault);
  std::vector<Column> columns;
  std::set<std::string> seen;
  for (const std::string& name : heading.fields) {
    const std::string where = "line " + std::to_string(heading.line) + ", column " +
                              std::to_string(columns.size() + 1) + ": ";
    if (!IsUtf8(name)) return UsageFailure(where + "the heading is not UTF-8");
    if (!seen.insert(name).second) return UsageFailure(where + "'" + name + "' is there twice");
    Column column{name, std::nullopt};
    if (std::find(kFields.begin(), kFields.end(), name) == kFields.end()) {
      const OrFailure<ValueKey> key = ParseColumnHeading(name);
      if (!key.ok()) return UsageFailure(where + key.failure().message);
      column.value = *key;
    }
    columns.push_back(std::move(column));
  }
  if (!seen.contains("identifier")) {
    return UsageFailure("the heading has no column 'identifier'",
                        "it begins, for example, with: identifier,template,name,model");
  }
  return columns;
}

class CsvSource : public ImportSource {
 public:
  CsvSource(const CsvReader& reader, std::vector<Column> columns, ImportDefaults defaults)
      : reader_(reader), columns_(std::move(columns)), defaults_(std::move(defaults)) {}

  bool Next(ImportRow* row) override {
    if (!reader_.Next(&record_)) return false;
    *row = ImportRow();
    row->row = ++rows_count_;
    row->line = record_.line;
    row->fault = record_.fault.empty() ? Fill(&row->registration) : record_.fault;
    return true;
  }
  uint64_t bytes_read() const override { return reader_.bytes_read(); }

 private:
  std::string Where(size_t column) const {
    return "line " + std::to_string(record_.line) + ", column " + std::to_string(column + 1) + ": ";
  }

  std::string Fill(RegisterRow* row) {
    if (record_.fields.size() != columns_.size()) {
      NameRow(row);
      return Where(std::min(record_.fields.size(), columns_.size())) + "the row has " +
             std::to_string(record_.fields.size()) + " columns, the heading " +
             std::to_string(columns_.size());
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      std::string& text = record_.fields[i];
      if (text.empty()) continue;
      if (const std::string fault = FillColumn(columns_[i], &text, row); !fault.empty()) {
        return Where(i) + columns_[i].heading + " " + fault;
      }
    }
    const std::string fault = ApplyDefaults(defaults_, row);
    return fault.empty() ? "" : Where(0) + fault;
  }

  // The identifier alone, for the report of a row that is wrong otherwise.
  void NameRow(RegisterRow* row) const {
    for (size_t i = 0; i < std::min(columns_.size(), record_.fields.size()); ++i) {
      if (columns_[i].heading == "identifier" && IsUtf8(record_.fields[i])) {
        row->identifier = record_.fields[i];
      }
    }
  }

  static std::string FillColumn(const Column& column, std::string* text, RegisterRow* row) {
    if (!column.value) return SetField(column.heading, *text, row);
    if (!IsUtf8(*text)) return "is not UTF-8; convert the file, for example with iconv -f GB18030";
    if (text->size() > kValueBytesMax) return "is larger than 64 KiB";
    row->values.push_back(ToValue({*column.value, std::move(*text)}, ToTier(column.value->tier)));
    return "";
  }

  CsvReader reader_;
  std::vector<Column> columns_;
  ImportDefaults defaults_;
  CsvRecord record_;
  uint64_t rows_count_ = 0;
};

}  // namespace

OrFailure<std::unique_ptr<ImportSource>> OpenCsvSource(std::istream& in, ImportDefaults defaults) {
  CsvReader reader(in);
  OrFailure<std::vector<Column>> columns = ReadHeading(&reader);
  if (in.bad()) return FileFailure("the heading cannot be read");
  if (!columns.ok()) return columns.failure();
  return std::unique_ptr<ImportSource>(
      std::make_unique<CsvSource>(reader, std::move(*columns), std::move(defaults)));
}

}  // namespace gusu::cli
