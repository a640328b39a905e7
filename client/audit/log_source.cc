#include "gusu/log_verification.h"

namespace gusu {
namespace {

Status NotShown(const char* what) {
  return {StatusCode::kUnimplemented,
          std::string("this source of a log does not show the store's ") + what,
          "",
          {}};
}

}  // namespace

LogSource::~LogSource() = default;

Result<std::string> LogSource::ReadCheckpointOfAll() { return ReadCheckpoint(); }

Status LogSource::ReadRows(const std::function<bool(StoredRow)>&) { return NotShown("rows"); }

Status LogSource::ReadFiles(const std::function<bool(const FileReading&)>&) {
  return NotShown("files");
}

}  // namespace gusu
