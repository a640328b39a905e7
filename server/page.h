// One page of a list of rows: where it begins, when it is full, and the token of the next.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/page_token.h"
#include "storage/view.h"

namespace gusu::server {

class Page {
 public:
  // Of the rows whose keys begin with `beginning`; their names are what stands after it.
  Page(const PageScope& scope, std::string beginning, uint32_t page_size);

  // Goes on after the token's row. kInvalidArgument / PAGE_TOKEN_INVALID.
  absl::Status Begin(const std::string& token);

  // Calls `take` for each row from there on until the page is full. `take` says whether it took the
  // row into the list; its error ends the scan. Looks at kPageRowsMax rows at most.
  absl::Status Scan(const storage::View& view,
                    const std::function<absl::StatusOr<bool>(std::string_view name,
                                                             const storage::Row& row)>& take);

  // As Scan, for keys whose values do not matter: entries of a secondary index, rows that are also
  // in the directory.
  absl::Status ScanNames(const storage::View& view,
                         const std::function<absl::StatusOr<bool>(std::string_view name)>& take);

  // For `take`: what it added to the answer. The page is full at kPageBytesMax.
  void AddBytes(size_t bytes) { bytes_ += bytes; }

  // Empty when nothing is left.
  std::string NextToken() const;

 private:
  // The least key after the last one's.
  std::string Start() const;
  // Whether the page has room for the row with this name, and then what `take` says of it.
  template <typename Take>
  absl::StatusOr<bool> Look(std::string_view key, const Take& take);

  const PageScope& scope_;
  const std::string beginning_;
  const size_t page_size_;
  std::string last_;  // name of the last row looked at
  size_t taken_ = 0, looked_at_ = 0;
  size_t bytes_ = 0;
  bool more_ = false;
};

}  // namespace gusu::server
