// Where a list of a prefix's records goes on, for whoever knows the record before.
#pragma once

#include <string>
#include <string_view>

#include "storage/view.h"

namespace gusu::server {

// The page_token of ListRecords with parent prefixes/{prefix} and no filter, after the record with
// this key.
std::string RecordListToken(const storage::View& view, const std::string& prefix,
                            std::string_view identifier_key);

}  // namespace gusu::server
