// Why a command did not succeed, in the form that people, scripts and exit codes need.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace gusu::cli {

// What the program ends with; scripts rely on it.
enum class ExitCode {
  kDone = 0,
  kNegative = 1,  // the answer is negative, or differs from what was expected
  kUsage = 2,
  kNotFound = 3,
  kRefused = 4,  // rights or state
  kConflict = 5,
  kUnreachable = 6,
  kOutcomeUnknown = 7,  // repeat the same command
};

struct Failure {
  ExitCode exit_code = ExitCode::kNegative;
  std::string reason;  // UPPER_SNAKE
  std::string message;
  std::string hint;  // what to do about it; may be empty
  std::map<std::string, std::string> metadata = {};
};

// Something is amiss, and the command has already said all there is to say.
inline Failure ToldFailure(ExitCode exit_code) { return {exit_code, "", "", ""}; }

using MaybeFailure = std::optional<Failure>;

// Wrong arguments or wrong input.
inline Failure UsageFailure(std::string message, std::string hint = "") {
  return {ExitCode::kUsage, "USAGE", std::move(message), std::move(hint)};
}

// A local file that cannot be read, written or understood.
inline Failure FileFailure(std::string message, std::string hint = "") {
  return {ExitCode::kUsage, "FILE_UNUSABLE", std::move(message), std::move(hint)};
}

// A value, or why there is none.
template <typename T>
class OrFailure {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a function returns either.
  OrFailure(T value) : content_(std::move(value)) {}
  OrFailure(Failure failure) : content_(std::move(failure)) {}
  // NOLINTEND(google-explicit-constructor)

  bool ok() const { return content_.index() == 0; }
  // Only when ok().
  T& operator*() { return std::get<0>(content_); }
  const T& operator*() const { return std::get<0>(content_); }
  T* operator->() { return &std::get<0>(content_); }
  const T* operator->() const { return &std::get<0>(content_); }
  // Only when not ok().
  const Failure& failure() const { return std::get<1>(content_); }

 private:
  std::variant<T, Failure> content_;
};

}  // namespace gusu::cli
