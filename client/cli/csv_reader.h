// Comma-separated values as RFC 4180 has them, read from a stream record by record.
//
// Accepts LF, CRLF and a byte order mark. A quoted field may hold commas, line ends and doubled
// quotes. A fault names line and column (in bytes, from 1) and ends the record at its line's end,
// so that reading goes on with the next line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "client/cli/byte_source.h"

namespace gusu::cli {

inline constexpr size_t kCsvRecordBytesMax = 1024 * 1024;
inline constexpr size_t kCsvFieldsMax = 1024;

struct CsvRecord {
  uint64_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
  std::string fault;  // empty, or what is wrong: "line 3, column 7: …"
};

class CsvReader {
 public:
  explicit CsvReader(std::istream& in);  // not owned

  // The next record, or false at the end, and where the stream cannot be read on, which is bad()
  // then. Empty lines are skipped. Fields are whole only when the record's fault is empty.
  bool Next(CsvRecord* record);
  // Of the input, including what the stream has buffered.
  uint64_t bytes_read() const { return bytes_.bytes_taken(); }

 private:
  int Get();
  int Peek() { return bytes_.Peek(); }
  void SkipByteOrderMark();
  bool ReadField(CsvRecord* record, bool* last);
  bool ReadQuoted(CsvRecord* record, std::string* field);
  bool Fault(CsvRecord* record, const std::string& what);
  void SkipLine();

  ByteSource bytes_;
  uint64_t line_ = 1;
  uint64_t column_ = 0;
  size_t record_bytes_ = 0;
};

}  // namespace gusu::cli
