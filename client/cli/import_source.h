// Rows to import, from a CSV file or from JSON lines.
//
// CSV: a heading line, then a row a line. The columns identifier, template, level, instance_of,
// state and effective_time are what they say; every other one is a value: `name`, `1:URL`,
// `partner:cost`, `owner:2005:note`. An empty cell is no value.
//
// JSON lines: an object a line with the fields of a record as `gusu list --json` writes it, of
// which what only the registry sets is ignored; `values` may also be an object: {"name": "Pump",
// "1:URL": "…"}.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string>

#include "client/cli/failure.h"
#include "gusu/requests.h"

namespace gusu::cli {

inline constexpr size_t kJsonLineBytesMax = 1024 * 1024;

struct ImportDefaults {
  // Put before identifiers that do not begin with it.
  std::string prefix;
  std::string template_id;
  std::string level;
  std::string instance_of;
};

struct ImportRow {
  uint64_t row = 0;   // from 1, without the heading
  uint64_t line = 0;  // from 1, where the row begins
  RegisterRow registration;
  // Empty, or what is wrong with the row: "line 3, column 7: …".
  std::string fault;
};

class ImportSource {
 public:
  virtual ~ImportSource() = default;
  // False at the end. A row with a fault is a row, too.
  virtual bool Next(ImportRow* row) = 0;
  virtual uint64_t bytes_read() const = 0;
};

// `in` outlives the source. Fails when the heading is wrong, naming the column.
OrFailure<std::unique_ptr<ImportSource>> OpenCsvSource(std::istream& in, ImportDefaults defaults);
std::unique_ptr<ImportSource> OpenJsonLinesSource(std::istream& in, ImportDefaults defaults);

// Sets a field that both forms share (template, level, instance_of, state, effective_time,
// identifier) from its text. Returns what is wrong with it, or an empty string.
std::string SetField(const std::string& field, const std::string& text, RegisterRow* row);
// Fills in what the row itself leaves open, and its prefix. Returns a fault or an empty string.
std::string ApplyDefaults(const ImportDefaults& defaults, RegisterRow* row);

}  // namespace gusu::cli
