#include "client/cli/line_reader.h"

namespace gusu::cli {

bool LineReader::Next(Line* line) {
  if (bytes_.Peek() == ByteSource::kEnd) return false;
  line->number = ++lines_count_;
  line->text.clear();
  line->cut = false;
  for (int c = bytes_.Take(); c != ByteSource::kEnd; c = bytes_.Take()) {
    if (c == '\n') break;
    if (line->text.size() < bytes_max_) {
      line->text.push_back(static_cast<char>(c));
    } else {
      line->cut = true;
    }
  }
  if (bytes_.is_bad()) return false;
  if (!line->cut && line->text.ends_with('\r')) line->text.pop_back();
  if (line->number == 1 && line->text.starts_with("\xEF\xBB\xBF")) line->text.erase(0, 3);
  return true;
}

}  // namespace gusu::cli
