// What a call comes back with: a Status, or a Result that is a value or the Status of why there is
// none. The library throws no exception of its own.
//
//   gusu::Result<gusu::ResolveAnswer> answer = client.Resolve("88.118.8/HP-1");
//   if (!answer) std::cerr << answer.status().reason << ": " << answer.status().message << "\n";
//   else std::cout << answer->record.values.size() << " values\n";
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gusu/export.h"

namespace gusu {

// Chosen by what the caller should do next. The numbers are gRPC's, but for the last one.
enum class StatusCode {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,   // do not send this again
  kDeadlineExceeded = 4,  // a read took too long; nothing happened
  kNotFound = 5,
  kAlreadyExists = 6,  // in use, with other content
  kPermissionDenied = 7,
  kResourceExhausted = 8,   // later, or less
  kFailedPrecondition = 9,  // fix something first
  kAborted = 10,            // read again, change again
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,  // the server could not be reached; nothing happened
  kDataLoss = 15,
  kUnauthenticated = 16,
  // A write may or may not have happened: repeat the same call. metadata["request_id"] holds the
  // request id that makes the repetition the same request, where one was sent.
  kUnknownOutcome = 100,
};

struct Status {
  StatusCode code = StatusCode::kOk;
  std::string message;
  // What a program decides by, for example IDENTIFIER_TAKEN; the server's table of reasons is in
  // proto/README.md. The library's own are in kReason… below. Empty when the server gave none.
  std::string reason;
  // Everything that the message mentions.
  std::map<std::string, std::string> metadata;

  bool ok() const { return code == StatusCode::kOk; }
  // "NOT_FOUND IDENTIFIER_NOT_FOUND: identifier 88.118.8/HP-9 is not registered"
  GUSU_EXPORT std::string ToString() const;
};

inline bool operator==(const Status& a, const Status& b) {
  return a.code == b.code && a.reason == b.reason && a.message == b.message &&
         a.metadata == b.metadata;
}

// Reasons of errors that are made on this side of the wire.
inline constexpr std::string_view kReasonOutcomeUnknown = "OUTCOME_UNKNOWN";
inline constexpr std::string_view kReasonServerUnreachable = "SERVER_UNREACHABLE";
inline constexpr std::string_view kReasonOptionsInvalid = "OPTIONS_INVALID";
inline constexpr std::string_view kReasonStreamFinished = "STREAM_FINISHED";
inline constexpr std::string_view kReasonSpoolFull = "SPOOL_FULL";
inline constexpr std::string_view kReasonSpoolCorrupt = "SPOOL_CORRUPT";
inline constexpr std::string_view kReasonSpoolFile = "SPOOL_FILE";
inline constexpr std::string_view kReasonStatisticsChanging = "STATISTICS_CHANGING";

// NOT_FOUND for kNotFound, and so on.
GUSU_EXPORT std::string_view ToText(StatusCode code);

// Writes what was expected of a Result to standard error, and ends the program.
[[noreturn]] GUSU_EXPORT void StopForMissingValue(const Status& status);

// A value, or the Status of why there is none.
template <typename T>
class Result {
 public:
  Result() : status_{StatusCode::kUnknown, "nothing was answered", "", {}} {}
  Result(T value) : value_(std::move(value)) {}          // NOLINT: implicit by intent
  Result(Status status) : status_(std::move(status)) {}  // NOLINT: implicit by intent; not OK

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }
  // OK when there is a value.
  const Status& status() const& { return status_; }
  Status status() && { return std::move(status_); }

  // Asking a Result that holds none for its value ends the program.
  T& value() & { return Checked(), *value_; }
  const T& value() const& { return Checked(), *value_; }
  T&& value() && { return Checked(), *std::move(value_); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  void Checked() const {
    if (!value_) StopForMissingValue(status_);
  }
  Status status_;
  std::optional<T> value_;
};

}  // namespace gusu
