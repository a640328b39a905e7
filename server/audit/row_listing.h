// What is stored, row by row: tables first, then history.
#pragma once

#include "absl/status/status.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::v1 {
class ListRowsRequest;
class ListRowsResponse;
}  // namespace gusu::v1

namespace gusu::server {

// A row that cannot be read is one with an error, and the list goes on after it; where the engine
// itself cannot go on, the list ends with such a row. kInvalidArgument: FIELD_INVALID,
// PAGE_TOKEN_INVALID.
absl::Status ListRowsOf(const storage::View& view, const v1::ListRowsRequest& request,
                        const Caller& caller, v1::ListRowsResponse* response);

}  // namespace gusu::server
