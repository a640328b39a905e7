// Prints a range of the library's: a table for people, an object a line for programs.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "client/cli/session.h"
#include "client/cli/table.h"
#include "gusu/json.h"
#include "gusu/range.h"

namespace gusu::cli {

// Rows whose widths are measured together; the bound of what a long listing holds.
inline constexpr size_t kListingRowsMax = 500;

// Stops after `limit` items (0: all). `to_cells` gives the cells of an item's row.
template <typename T, typename ToCells>
MaybeFailure PrintListing(Session& session, Range<T> range, uint64_t limit,
                          const std::vector<std::string>& headings, ToCells to_cells) {
  Table table(headings);
  size_t rows_count = 0;
  uint64_t items_count = 0;
  for (Result<T>& item : range) {
    if (!item.ok()) {
      table.Print(session.out(), session.colour());
      return session.FailureOf(item.status());
    }
    if (session.json()) {
      session.out() << ToJson(*item) << '\n';
    } else {
      table.AddRow(to_cells(*item));
      if (++rows_count == kListingRowsMax) {
        table.Print(session.out(), session.colour());
        table = Table(headings);
        rows_count = 0;
      }
    }
    if (++items_count == limit) break;
  }
  table.Print(session.out(), session.colour());
  if (items_count == 0 && !session.json()) session.err() << "(none)\n";
  return std::nullopt;
}

}  // namespace gusu::cli
