// A registry for the spool's tests: registers identifiers in memory or in a file, fails when told
// to.
#pragma once

#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "gusu/spool.h"

namespace gusu::test {

class LineRegistry : public Connection {
 public:
  // With a file, what is registered survives the process.
  explicit LineRegistry(std::string path = "") : path_(std::move(path)) {
    std::ifstream file(path_);
    for (std::string identifier; std::getline(file, identifier);) registered_.insert(identifier);
  }

  // Called before each row; an error other than OK ends the stream with it.
  std::function<Status(const RegisterRow&)> before_row = [](const RegisterRow&) {
    return Status{};
  };
  // The answer of the registry to a row; OK registers it.
  std::function<Status(const RegisterRow&)> refusal = [](const RegisterRow&) { return Status{}; };

  std::unique_ptr<RegisterStream> OpenRegisterStream(RegisterStreamOptions options,
                                                     const CallOptions&) override {
    return std::make_unique<Stream>(this, std::move(options));
  }

 private:
  // Answers each row as it is written.
  class Stream : public RegisterStream {
   public:
    Stream(LineRegistry* registry, RegisterStreamOptions options)
        : registry_(registry), options_(std::move(options)) {}
    Status Write(RegisterRow row) override {
      if (!failure_.ok()) return failure_;
      failure_ = registry_->before_row(row);
      options_.on_outcome({row_index_++, failure_.ok() ? registry_->Register(row)
                                                       : Result<RegisterResult>(failure_)});
      return {};
    }
    std::optional<RowOutcome> Read() override { return std::nullopt; }
    Status Finish() override { return failure_; }

   private:
    LineRegistry* const registry_;
    const RegisterStreamOptions options_;
    uint64_t row_index_ = 0;
    Status failure_;
  };

  Result<RegisterResult> Register(const RegisterRow& row) {
    if (Status status = refusal(row); !status.ok()) return status;
    const bool is_new = registered_.insert(row.identifier).second;
    if (is_new && !path_.empty()) {
      std::ofstream(path_, std::ios::app) << row.identifier + "\n" << std::flush;
    }
    return RegisterResult{
        row.identifier, "", is_new ? Outcome::kCreated : Outcome::kUnchanged, {}, ""};
  }

  const std::string path_;
  std::set<std::string> registered_;  // of the spool's thread
};

inline RegisterRow LineRow(const std::string& identifier) {
  RegisterRow row;
  row.identifier = identifier;
  row.template_id = "product";
  row.values = {TextValue("name", "Pump")};
  return row;
}

}  // namespace gusu::test
