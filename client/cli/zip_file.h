// An archive of files that the same files always give the same bytes for: uncompressed, in the
// order given, each with the time 1980-01-01 and the rights 0644.
#pragma once

#include <deque>
#include <string>

#include "client/cli/failure.h"

namespace gusu::cli {

class ZipFile {
 public:
  // `name` is UTF-8, with "/" between directories, and new.
  void Add(std::string name, std::string content);
  // The archive's bytes; fails without any file.
  OrFailure<std::string> ToBytes() const;

  struct Entry {
    std::string name;
    std::string content;
  };
  const std::deque<Entry>& entries() const { return entries_; }

 private:
  std::deque<Entry> entries_;
};

}  // namespace gusu::cli
