#include "server/resource_fields.h"

#include <google/protobuf/timestamp.pb.h>

#include <charconv>

#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu::server {
namespace {

constexpr uint64_t kMicrosecondsPerSecond = 1'000'000;
constexpr int64_t kSecondsMax = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr size_t kReasonCharactersMax = 500;
constexpr size_t kRequestIdBytesMax = 64;

}  // namespace

std::string EtagOf(uint64_t revision) {
  char text[16];
  return std::string(text, std::to_chars(text, text + sizeof(text), revision, 16).ptr);
}

void FillTime(uint64_t time_us, google::protobuf::Timestamp* time) {
  time->set_seconds(static_cast<int64_t>(time_us / kMicrosecondsPerSecond));
  time->set_nanos(static_cast<int32_t>(time_us % kMicrosecondsPerSecond) * 1000);
}

absl::StatusOr<uint64_t> TimeOf(const google::protobuf::Timestamp& time, std::string_view field) {
  if (time.seconds() < 0 || time.seconds() > kSecondsMax || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return FieldInvalid(field, Concat(time.seconds(), " s ", time.nanos(), " ns"),
                        "it must be between the years 1970 and 9999");
  }
  return static_cast<uint64_t>(time.seconds()) * kMicrosecondsPerSecond +
         static_cast<uint64_t>(time.nanos()) / 1000;
}

void FillReceipt(const storage::Receipt& receipt, v1::Receipt* message) {
  message->set_leaf_index(receipt.leaf_index);
  message->set_revision(receipt.revision);
  FillTime(receipt.revision, message->mutable_commit_time());
}

std::string RegistrantName(std::string_view id) { return Concat("registrants/", id); }

absl::Status FieldInvalid(std::string_view field, std::string_view value, std::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat("field ", field, ": ", why),
               {{"field", std::string(field)}, {"value", std::string(value)}});
}

absl::Status FieldMissing(std::string_view field) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
               Concat("field ", field, " is required"), {{"field", std::string(field)}});
}

absl::Status CheckReason(std::string_view reason, bool required) {
  if (reason.empty()) {
    if (!required) return absl::OkStatus();
    return Error(absl::StatusCode::kInvalidArgument, "REASON_MISSING", "field reason is required",
                 {{"field", "reason"}});
  }
  if (!IsUtf8(reason) || CharacterCount(reason) > kReasonCharactersMax) {
    return FieldInvalid("reason", reason,
                        Concat("at most ", kReasonCharactersMax, " characters of UTF-8"));
  }
  return absl::OkStatus();
}

absl::Status CheckRequestId(std::string_view request_id) {
  if (request_id.size() <= kRequestIdBytesMax) return absl::OkStatus();
  return FieldInvalid("request_id", request_id, Concat("at most ", kRequestIdBytesMax, " bytes"));
}

size_t CharacterCount(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace gusu::server
