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

absl::Status Page::Scan(const storage::View& view,
                        const std::function<absl::StatusOr<bool>(std::string_view name,
                                                                 const storage::Row& row)>& take) {
  absl::Status status;
  size_t taken = 0, looked_at = 0;
  // The least key after the last one's.
  const std::string begin = last_.empty() ? beginning_ : beginning_ + last_ + '\0';
  const absl::Status scanned =
      view.Scan(begin, storage::AfterBeginning(beginning_),
                [&](std::string_view key, const storage::Row& row) {
                  if (taken == page_size_ || looked_at == kPageRowsMax || bytes_ >= kPageBytesMax) {
                    more_ = true;
                    return false;
                  }
                  ++looked_at;
                  const std::string_view name = key.substr(beginning_.size());
                  const absl::StatusOr<bool> took = take(name, row);
                  if (!took.ok()) {
                    status = took.status();
                    return false;
                  }
                  if (*took) ++taken;
                  last_ = name;
                  return true;
                });
  return status.ok() ? scanned : status;
}

std::string Page::NextToken() const { return more_ ? scope_.Token(last_) : std::string(); }

}  // namespace gusu::server
