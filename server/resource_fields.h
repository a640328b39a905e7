// Fields that many resources share, between their stored form and the API's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/ledger.h"

namespace google::protobuf {
class Timestamp;
}
namespace gusu::v1 {
class Receipt;
}

namespace gusu::server {

// Changes with every revision of a resource; opaque to clients.
std::string EtagOf(uint64_t revision);

void FillTime(uint64_t time_us, google::protobuf::Timestamp* time);
// Microseconds since 1970 UTC, from 1970 to the year 9999; 0 for a time that is not given.
// kInvalidArgument / FIELD_INVALID names `field`.
absl::StatusOr<uint64_t> TimeOf(const google::protobuf::Timestamp& time, std::string_view field);

void FillReceipt(const storage::Receipt& receipt, v1::Receipt* message);

// registrants/{id}.
std::string RegistrantName(std::string_view id);

// kInvalidArgument / FIELD_INVALID, FIELD_MISSING, REASON_MISSING: what a caller sent wrong.
absl::Status FieldInvalid(std::string_view field, std::string_view value, std::string_view why);
absl::Status FieldMissing(std::string_view field);
// A reason: 1 to 500 characters, or none when it is not required.
absl::Status CheckReason(std::string_view reason, bool required);
// An id of a request: at most 64 bytes.
absl::Status CheckRequestId(std::string_view request_id);

// Characters of UTF-8 text; of other bytes as many as are no continuation bytes.
size_t CharacterCount(std::string_view text);

}  // namespace gusu::server
