#include "client/cli/rejects.h"

#include "client/cli/text_width.h"
#include "proto/papers/csv.h"

namespace gusu::cli {
namespace {
constexpr uint64_t kToldMax = 10;
}

Rejects::Rejects(const std::string& path) : path_(path) {
  if (path_.empty()) return;
  file_.open(path_, std::ios::binary | std::ios::trunc);
  file_ << "row,line,identifier,reason,message\n";
}

void Rejects::Add(const Reject& reject) {
  if (!path_.empty()) {
    file_ << reject.row << ',' << reject.line << ',' << papers::CsvField(reject.identifier) << ','
          << papers::CsvField(reject.reason) << ',' << papers::CsvField(reject.message) << '\n';
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
