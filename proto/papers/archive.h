// An archive of files, ZIP, that the same files always give the same bytes for: uncompressed, in
// the order given, each with the time 1980-01-01 and the rights 0644.
//
// At most 65,535 files, at least one, and 3 GiB: what the plain form of ZIP can say.
#pragma once

#include <deque>
#include <string>

#include "absl/status/statusor.h"

namespace gusu::papers {

class Archive {
 public:
  // `name` is UTF-8, with "/" between directories, and new.
  void Add(std::string name, std::string content);
  // kOutOfRange / ARCHIVE_TOO_LARGE.
  absl::StatusOr<std::string> ToBytes() const;

  struct File {
    std::string name;
    std::string content;
  };
  const std::deque<File>& files() const { return files_; }

 private:
  std::deque<File> files_;
};

}  // namespace gusu::papers
