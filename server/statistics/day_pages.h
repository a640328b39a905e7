// Which rows of a table by prefix and day a request is about, and a page of them.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/caller.h"
#include "server/page_token.h"
#include "server/statistics/statistics_key.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class PrefixRow;
}

namespace gusu::server {

// What a request asks for, of what its caller may see.
struct DayScope {
  // Comparison key; empty: of every prefix.
  std::string prefix_key;
  // Id of the registrant that holds the prefix, or held it on the day; empty: of every one.
  std::string registrant;
  // Days since 1970-01-01: [first_day, end_day).
  int32_t first_day = 0;
  int32_t end_day = std::numeric_limits<int32_t>::max();
};

// `parent` is prefixes/{prefix}, registrants/{id} or empty; dates are YYYY-MM-DD or empty. Errors
// are those of Statistics.
absl::StatusOr<DayScope> ReadDayScope(const storage::Directory& directory, const Caller& caller,
                                      const std::string& parent, const std::string& from_date,
                                      const std::string& to_date);

// Whether the registrant holds the prefix, or held it.
bool HoldsOrHeld(const storage::v1::PrefixRow& row, std::string_view registrant);

struct DayPage {
  size_t page_size = 0;
  std::string after;  // key of the last row of the page before; empty: the first page
  // Where the next page goes on; empty after the last one.
  std::string next;
};

// Calls `take` for the rows of `table` in the scope, in the order of keys, until the page is full:
// page_size rows that were taken, kPageRowsMax looked at, or kPageBytesMax of what `take` says that
// it added (0: it did not take the row).
absl::Status ScanDays(
    const storage::View& view, char table, const DayScope& scope,
    const std::function<absl::StatusOr<size_t>(const DayKey& key, std::string_view value)>& take,
    DayPage* page);

}  // namespace gusu::server
