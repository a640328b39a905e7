#include "storage/rocksdb/rocksdb_status.h"

#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "proto/error.h"

namespace gusu::storage {
namespace {

std::string ValueOf(const ErrorMetadata& where, std::string_view key) {
  for (const auto& [name, value] : where) {
    if (name == key) return value;
  }
  return {};
}

// ": file 000012.sst, keys 6f00 to 7238"
std::string PlaceText(const ErrorMetadata& where) {
  std::string text;
  const std::string file = ValueOf(where, "file");
  const std::string first = ValueOf(where, "first_key_hex");
  const std::string key = ValueOf(where, "key_hex");
  if (!file.empty()) absl::StrAppend(&text, ", file ", file);
  if (!first.empty()) {
    absl::StrAppend(&text, ", keys ", first, " to ", ValueOf(where, "last_key_hex"));
  }
  if (!key.empty()) absl::StrAppend(&text, ", key asked for ", key);
  if (!text.empty()) text[0] = ':';
  return text;
}

}  // namespace

absl::Status FromRocksDb(const rocksdb::Status& status, const std::string& doing,
                         const std::function<void(std::string_view)>& log,
                         const ErrorMetadata& where) {
  if (status.ok()) return absl::OkStatus();
  if (log) log(absl::StrCat(doing, ": ", status.ToString()));
  ErrorMetadata metadata = {{"doing", doing}};
  if (status.IsCorruption()) {
    metadata.insert(metadata.end(), where.begin(), where.end());
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 absl::StrCat("stored data is damaged", PlaceText(where), "; found while ", doing),
                 metadata);
  }
  if (status.IsNoSpace()) {
    return Error(absl::StatusCode::kUnavailable, "STORE_FULL",
                 absl::StrCat("no space is left for the store; found while ", doing), metadata);
  }
  return Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
               absl::StrCat("the store does not answer; found while ", doing), metadata);
}

absl::Status FromRocksDbOpen(const rocksdb::Status& status, const std::string& directory,
                             const std::function<void(std::string_view)>& log) {
  if (status.ok()) return absl::OkStatus();
  const std::string words = status.ToString();
  if (log) log(absl::StrCat("opening ", directory, ": ", words));
  const ErrorMetadata metadata = {{"directory", directory}, {"detail", words}};
  // The words are RocksDB's for a lock that another process, or this one, holds.
  if (absl::StrContains(words, "While lock file") ||
      absl::StrContains(words, "lock hold by current process")) {
    return Error(absl::StatusCode::kFailedPrecondition, "STORE_IN_USE",
                 absl::StrCat("another server uses the store in ", directory), metadata);
  }
  if (status.IsCorruption()) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 absl::StrCat("the store in ", directory, " is damaged: ", words), metadata);
  }
  if (status.IsNoSpace()) {
    return Error(absl::StatusCode::kUnavailable, "STORE_FULL",
                 absl::StrCat("no space is left for the store in ", directory), metadata);
  }
  return Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
               absl::StrCat("the store in ", directory, " cannot be opened: ", words), metadata);
}

}  // namespace gusu::storage
