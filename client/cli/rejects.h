// Rows of an import that were refused, and why.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

namespace gusu::cli {

struct Reject {
  uint64_t row = 0;
  uint64_t line = 0;
  std::string identifier;
  std::string reason;
  std::string message;
};

// Writes a CSV file, or, without a path, keeps the first ten to tell. For one thread at a time.
class Rejects {
 public:
  explicit Rejects(const std::string& path);

  // The file could be opened.
  bool ok() const { return path_.empty() || file_.is_open(); }
  void Add(const Reject& reject);
  // Whether everything was written.
  bool Close();
  // Lines for people about what was not written to a file; empty when there is nothing to tell.
  const std::string& told() const { return told_; }

 private:
  std::string path_;
  std::ofstream file_;
  std::string told_;
  uint64_t told_count_ = 0;
};

}  // namespace gusu::cli
