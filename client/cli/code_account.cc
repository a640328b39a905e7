#include "client/cli/code_account.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "client/cli/line_reader.h"
#include "client/cli/output_file.h"
#include "client/cli/progress.h"
#include "client/cli/table.h"
#include "proto/papers/csv.h"

namespace gusu::cli {
namespace {

constexpr size_t kLineBytesMax = 4096;

std::string LineText(const CodeRow& row) { return row.line == 0 ? "" : std::to_string(row.line); }

void PrintJson(Session& session, const std::vector<CodeRow>& rows) {
  for (const CodeRow& row : rows) {
    nlohmann::ordered_json json;
    if (row.line > 0) json["line"] = row.line;
    json["identifier"] = row.identifier;
    json["outcome"] = row.outcome;
    if (!row.transfer.empty()) json["transfer"] = row.transfer;
    if (!row.message.empty()) json["message"] = row.message;
    session.out() << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

void PrintTable(Session& session, const std::vector<CodeRow>& rows,
                const std::vector<std::string>& good) {
  Table table({"LINE", "CODE", "OUTCOME", "TRANSFER", "WHY"});
  std::map<std::string, uint64_t> counts;
  for (const CodeRow& row : rows) {
    ++counts[row.outcome];
    if (std::find(good.begin(), good.end(), row.outcome) != good.end()) continue;
    table.AddRow({LineText(row), row.identifier, row.outcome, row.transfer, row.message});
  }
  const bool any = !table.empty();
  table.Print(session.out(), session.colour());
  if (any) session.out() << '\n';
  for (const auto& [outcome, count] : counts) {
    session.out() << outcome << "  " << WithThousands(count) << '\n';
  }
}

}  // namespace

OrFailure<std::vector<CodeRow>> ReadCodes(std::istream& in) {
  std::vector<CodeRow> rows;
  LineReader lines(in, kLineBytesMax);
  for (Line line; lines.Next(&line);) {
    const size_t first = line.text.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    if (rows.size() == kCodesMax) {
      return FileFailure("more than " + WithThousands(kCodesMax) + " codes",
                         "divide the list into several");
    }
    CodeRow& row = rows.emplace_back();
    row.line = line.number;
    row.identifier = line.text.substr(first, line.text.find_last_not_of(" \t") - first + 1);
  }
  return rows;
}

OrFailure<std::vector<CodeRow>> ReadCodesFile(const std::string& path) {
  if (path == "-") return ReadCodes(std::cin);
  std::ifstream file(path, std::ios::binary);
  if (!file) return FileFailure("cannot read " + path);
  OrFailure<std::vector<CodeRow>> rows = ReadCodes(file);
  if (file.bad()) return FileFailure("cannot read " + path);
  return rows;
}

std::string CodeKey(const std::string& identifier) {
  std::string key = identifier;
  for (char& c : key) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return key;
}

MaybeFailure PrintAccount(Session& session, const std::vector<CodeRow>& rows,
                          const std::vector<std::string>& good, const std::string& csv_path) {
  if (session.json()) {
    PrintJson(session, rows);
  } else {
    PrintTable(session, rows, good);
  }
  if (csv_path.empty()) return std::nullopt;
  papers::CsvWriter csv({"line", "code", "outcome", "transfer", "why"});
  for (const CodeRow& row : rows) {
    csv.AddRow({LineText(row), row.identifier, row.outcome, row.transfer, row.message});
  }
  return WriteOutputFile(csv_path, csv.text());
}

}  // namespace gusu::cli
