// Errors that a program can act on: an absl::Status that carries one google.rpc.ErrorInfo.
//
// Codes say what the caller should do next: retry the call (kUnavailable, kResourceExhausted), redo
// the read-modify-write (kAborted), fix something first (kFailedPrecondition, kPermissionDenied),
// or not send this again (kInvalidArgument). Reasons are listed in proto/README.md.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace gusu {

inline constexpr std::string_view kErrorDomain = "gusu";
// Details of one error, all together.
inline constexpr size_t kErrorDetailBytesMax = 4 * 1024;

using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

// `metadata` holds everything that the message mentions. Long values are cut, with "…".
absl::Status Error(absl::StatusCode code, std::string_view reason, std::string_view message,
                   ErrorMetadata metadata = {});

// The ErrorInfo's reason; empty when there is none.
std::string ErrorReason(const absl::Status& status);
// The value of a metadata key; empty when there is none.
std::string ErrorMetadataValue(const absl::Status& status, std::string_view key);

// Many faults at once, for example of a batch's rows: counts all and tells the first ten.
class FaultList {
 public:
  // `where` is for example "rows[17]" or "values[2].data".
  void Add(std::string_view where, const absl::Status& fault);
  bool empty() const { return count_ == 0; }
  size_t count() const { return count_; }
  // OK when empty; else the first fault's code and reason, every told fault in the metadata, and
  // `faults_count`.
  absl::Status ToStatus() const;

 private:
  size_t count_ = 0;
  absl::Status first_;
  std::vector<std::pair<std::string, std::string>> told_;
};

// Type URL of the payload under which Error stores its ErrorInfo.
inline constexpr std::string_view kErrorInfoTypeUrl = "type.googleapis.com/google.rpc.ErrorInfo";

}  // namespace gusu

// Wire form: google.rpc.Status with the ErrorInfo in its details.
namespace google::rpc {
class Status;
}
namespace gusu {
google::rpc::Status ToRpcStatus(const absl::Status& status);
absl::Status FromRpcStatus(const google::rpc::Status& status);
}  // namespace gusu
