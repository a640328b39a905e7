#include "client/cli/rejects.h"

#include "client/cli/text_width.h"

namespace gusu::cli {
namespace {
constexpr uint64_t kToldMax = 10;
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

Rejects::Rejects(const std::string& path) : path_(path) {
  if (path_.empty()) return;
  file_.open(path_, std::ios::binary | std::ios::trunc);
  file_ << "row,line,identifier,reason,message\n";
}

void Rejects::Add(const Reject& reject) {
  if (!path_.empty()) {
    file_ << reject.row << ',' << reject.line << ',' << CsvField(reject.identifier) << ','
          << CsvField(reject.reason) << ',' << CsvField(reject.message) << '\n';
    return;
  }
  if (told_count_ == kToldMax) told_ += "… and more; --rejects FILE keeps them all\n";
  if (told_count_++ >= kToldMax) return;
  told_ += "row " + std::to_string(reject.row) + ": " + reject.reason + ": " +
           Printable(reject.message) + "\n";
}

bool Rejects::Close() {
  if (path_.empty()) return true;
  file_.close();
  return !file_.fail();
}

}  // namespace gusu::cli
