#include "client/cli/csv_reader.h"

namespace gusu::cli {
namespace {
constexpr int kEnd = ByteSource::kEnd;
}

CsvReader::CsvReader(std::istream& in) : bytes_(in) { SkipByteOrderMark(); }

void CsvReader::SkipByteOrderMark() {
  if (Peek() != 0xEF) return;
  // A byte order mark is the only thing that a UTF-8 file can begin with 0xEF 0xBB.
  for (const int expected : {0xEF, 0xBB, 0xBF}) {
    if (Peek() != expected) return;
    bytes_.Take();
  }
}

int CsvReader::Get() {
  const int c = bytes_.Take();
  if (c == kEnd) return kEnd;
  ++record_bytes_;
  if (c == '\n') {
    ++line_;
    column_ = 0;
  } else {
    ++column_;
  }
  return c;
}

void CsvReader::SkipLine() {
  while (column_ != 0 && Get() != kEnd) {
  }
}

// Says what is wrong at the character read last, and leaves the rest of its line.
bool CsvReader::Fault(CsvRecord* record, const std::string& what) {
  record->fault =
      "line " + std::to_string(line_) + ", column " + std::to_string(column_) + ": " + what;
  SkipLine();
  return false;
}

bool CsvReader::Next(CsvRecord* record) {
  while (Peek() == '\n' || Peek() == '\r') Get();
  *record = CsvRecord();
  record->line = line_;
  record_bytes_ = 0;
  if (Peek() == kEnd) return false;
  for (bool last = false; !last;) {
    if (record->fields.size() == kCsvFieldsMax) {
      Get();
      Fault(record, "more than " + std::to_string(kCsvFieldsMax) + " fields");
      return true;
    }
    if (!ReadField(record, &last)) break;
  }
  return !bytes_.is_bad();
}

bool CsvReader::ReadField(CsvRecord* record, bool* last) {
  std::string field;
  if (Peek() == '"') {
    Get();
    if (!ReadQuoted(record, &field)) return false;
    const int c = Get();
    if (c == '\r' && Peek() == '\n') Get();
    *last = c == kEnd || c == '\n' || c == '\r';
    if (!*last && c != ',') return Fault(record, "text after a closing quote");
    record->fields.push_back(std::move(field));
    return true;
  }
  for (;;) {
    const int c = Get();
    if (c == ',' || c == kEnd || c == '\n' || (c == '\r' && (Peek() == '\n' || Peek() == kEnd))) {
      if (c == '\r' && Peek() == '\n') Get();
      *last = c != ',';
      record->fields.push_back(std::move(field));
      return true;
    }
    if (c == '"') return Fault(record, "a quote inside a field that does not begin with one");
    if (c == '\0') return Fault(record, "a NUL byte");
    if (record_bytes_ > kCsvRecordBytesMax) return Fault(record, "record longer than 1 MiB");
    field.push_back(static_cast<char>(c));
  }
}

bool CsvReader::ReadQuoted(CsvRecord* record, std::string* field) {
  const uint64_t line = line_;
  const uint64_t column = column_;
  for (;;) {
    const int c = Get();
    if (c == kEnd) {
      record->fault = "line " + std::to_string(line) + ", column " + std::to_string(column) +
                      ": a quote that is never closed";
      return false;
    }
    if (c == '"') {
      if (Peek() != '"') return true;
      Get();
    }
    if (c == '\0') return Fault(record, "a NUL byte");
    if (record_bytes_ > kCsvRecordBytesMax) {
      record->fault = "line " + std::to_string(line) + ", column " + std::to_string(column) +
                      ": a quote that is not closed within 1 MiB";
      SkipLine();
      return false;
    }
    field->push_back(static_cast<char>(c));
  }
}

}  // namespace gusu::cli
