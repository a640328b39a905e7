#include "proto/error.h"

#include <optional>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr size_t kMessageBytesMax = 512;
constexpr size_t kValueBytesMax = 256;
constexpr size_t kFaultsTold = 10;
// What the ErrorInfo may have, so that with the message and its frame it stays within all.
constexpr size_t kInfoBytesMax = kErrorDetailBytesMax - kMessageBytesMax - 128;
// Set aside for the entry that counts what was left out.
constexpr size_t kOmittedBytes = 48;

std::string Cut(std::string_view text, size_t bytes_max) {
  constexpr std::string_view kEllipsis = "…";
  std::string whole = ToUtf8(text);
  if (whole.size() <= bytes_max) return whole;
  return Concat(CutUtf8(whole, bytes_max - kEllipsis.size()), kEllipsis);
}

std::optional<google::rpc::ErrorInfo> InfoOf(const absl::Status& status) {
  const auto payload = status.GetPayload(AbslView(kErrorInfoTypeUrl));
  google::rpc::ErrorInfo info;
  if (!payload || !info.ParseFromString(std::string(*payload))) return std::nullopt;
  return info;
}

}  // namespace

absl::Status Error(absl::StatusCode code, std::string_view reason, std::string_view message,
                   ErrorMetadata metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(kErrorDomain));
  size_t bytes = info.ByteSizeLong() + kOmittedBytes;
  size_t omitted = 0;
  for (const auto& [key, value] : metadata) {
    std::string told = Cut(value, kValueBytesMax);
    const size_t entry_bytes = key.size() + told.size() + 12;
    if (bytes + entry_bytes > kInfoBytesMax) {
      ++omitted;
      continue;
    }
    bytes += entry_bytes;
    (*info.mutable_metadata())[key] = std::move(told);
  }
  if (omitted > 0) (*info.mutable_metadata())["metadata_omitted_count"] = std::to_string(omitted);
  absl::Status status(code, Cut(message, kMessageBytesMax));
  status.SetPayload(AbslView(kErrorInfoTypeUrl), absl::Cord(info.SerializeAsString()));
  return status;
}

std::string ErrorReason(const absl::Status& status) {
  const auto info = InfoOf(status);
  return info ? info->reason() : std::string();
}

std::string ErrorMetadataValue(const absl::Status& status, std::string_view key) {
  const auto info = InfoOf(status);
  if (!info) return {};
  const auto found = info->metadata().find(std::string(key));
  return found == info->metadata().end() ? std::string() : found->second;
}

void FaultList::Add(std::string_view where, const absl::Status& fault) {
  if (count_ == 0) first_ = fault;
  if (count_ < kFaultsTold) {
    told_.emplace_back(where,
                       Concat(where, ": ", ErrorReason(fault), ": ", StdView(fault.message())));
  }
  ++count_;
}

absl::Status FaultList::ToStatus() const {
  if (count_ == 0) return absl::OkStatus();
  ErrorMetadata metadata{{"faults_count", std::to_string(count_)}};
  for (size_t i = 0; i < told_.size(); ++i) {
    metadata.emplace_back(Concat("fault_", i), told_[i].second);
  }
  if (const auto info = InfoOf(first_)) {
    // When the first fault is a list itself, its count and its faults are not this list's.
    for (const auto& [key, value] : info->metadata()) {
      if (!key.starts_with("fault")) metadata.emplace_back(key, value);
    }
  }
  std::string message =
      Concat(told_[0].first, ": ", Cut(StdView(first_.message()), kMessageBytesMax - 128));
  if (count_ > 1) message += Concat(" (and ", count_ - 1, " more)");
  return Error(first_.code(), ErrorReason(first_), message, std::move(metadata));
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(ToUtf8(StdView(status.message())));
  status.ForEachPayload([&out](absl::string_view type_url, const absl::Cord& payload) {
    google::protobuf::Any* detail = out.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  return out;
}

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  if (status.code() == 0) return absl::OkStatus();
  const bool known = status.code() > 0 && status.code() <= 16;
  absl::Status out(
      known ? static_cast<absl::StatusCode>(status.code()) : absl::StatusCode::kUnknown,
      status.message());
  for (const google::protobuf::Any& detail : status.details()) {
    out.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return out;
}

}  // namespace gusu
