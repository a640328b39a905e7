// What every change of a record does beside its row: the entries of the secondary indexes, what the
// statistics count, and what its unique values rest on.
//
// Every writer of a record's row calls AddRecordEffects with the change that puts the row, and
// AddUniqueValues before it.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "proto/change.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}

namespace gusu::server {

struct Template;

// Fills index_removes, index_adds and counts of `change`.
//
// `before` is the record as it was, nullptr for one that had no row of its own: it is registered,
// or was a code of a serial range until now. `templ` is the record's template, nullptr for one of
// free values. `suffix_key` is the comparison key of its suffix, empty when the ledger mints it.
void AddRecordEffects(const storage::v1::RecordRow* before, const storage::v1::RecordRow& after,
                      const Template* templ, std::string_view prefix_key,
                      std::string_view suffix_key, Change* change);

// Adds to `change` that no other record of the prefix has the values that are unique in `templ` and
// that `after` has and `before` had not. A retired record gives them up, and a reinstated one must
// find them free.
//
// kAlreadyExists / VALUE_NOT_UNIQUE names the attribute, the value and the record that has it: of
// the view, or of the same request, whose intervals of kEmptyInterval are in `planned` (nullptr:
// none).
absl::Status AddUniqueValues(const storage::View& view, const storage::v1::RecordRow* before,
                             const storage::v1::RecordRow& after, const Template* templ,
                             std::string_view prefix_key, std::string_view suffix_key,
                             Change* change, const std::set<std::string>* planned = nullptr);

}  // namespace gusu::server
