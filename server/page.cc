#include "server/page.h"

#include <utility>

#include "proto/status_macros.h"

namespace gusu::server {

Page::Page(const PageScope& scope, std::string beginning, uint32_t page_size)
    : scope_(scope), beginning_(std::move(beginning)), page_size_(PageSize(page_size)) {}

absl::Status Page::Begin(const std::string& token) {
  GUSU_ASSIGN_OR_RETURN(last_, scope_.Read(token));
  return absl::OkStatus();
}

std::string Page::Start() const { return last_.empty() ? beginning_ : beginning_ + last_ + '\0'; }

template <typename Take>
absl::StatusOr<bool> Page::Look(std::string_view key, const Take& take) {
  if (taken_ == page_size_ || looked_at_ == kPageRowsMax || bytes_ >= kPageBytesMax) {
    more_ = true;
    return false;
  }
  ++looked_at_;
  const std::string_view name = key.substr(beginning_.size());
  GUSU_ASSIGN_OR_RETURN(const bool took, take(name));
  if (took) ++taken_;
  last_ = name;
  return true;
}

absl::Status Page::Scan(const storage::View& view,
                        const std::function<absl::StatusOr<bool>(std::string_view name,
                                                                 const storage::Row& row)>& take) {
  absl::StatusOr<bool> goes_on = true;
  const absl::Status scanned =
      view.Scan(Start(), storage::AfterBeginning(beginning_),
                [&](std::string_view key, const storage::Row& row) {
                  goes_on = Look(key, [&](std::string_view name) { return take(name, row); });
                  return goes_on.ok() && *goes_on;
                });
  return goes_on.ok() ? scanned : goes_on.status();
}

absl::Status Page::ScanNames(
    const storage::View& view,
    const std::function<absl::StatusOr<bool>(std::string_view name)>& take) {
  absl::StatusOr<bool> goes_on = true;
  const absl::Status scanned = view.ScanStored(Start(), storage::AfterBeginning(beginning_),
                                               [&](std::string_view key, std::string_view) {
                                                 goes_on = Look(key, take);
                                                 return goes_on.ok() && *goes_on;
                                               });
  return goes_on.ok() ? scanned : goes_on.status();
}

std::string Page::NextToken() const { return more_ ? scope_.Token(last_) : std::string(); }

}  // namespace gusu::server
