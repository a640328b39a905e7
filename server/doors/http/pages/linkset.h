// A record as links: RFC 9264, application/linkset+json.
//
// The record's code is the anchor. Its URL values and attributes of type URL link as `related`, the
// first value of type URL as `describedby`; documents as `describedby` with media type, title and
// SHA-256; the batch or model as `up`; the successor of a retired one as `successor-version`.
#pragma once

#include <string>
#include <string_view>

#include "server/doors/http/pages/value_attributes.h"

namespace gusu::v1 {
class Record;
}

namespace gusu::server {

// `public_url` is what addresses begin with; empty: they are relative. `attributes` tell
// which values are addresses. Only http and https addresses become links.
std::string LinksetOf(const v1::Record& record, const ValueAttributes& attributes,
                      std::string_view public_url);

// Where a value of type URL leads, for a redirect: the one of index 1, else the one of the lowest
// index, own ones before inherited ones. In ASCII. Empty: there is none.
std::string RedirectTargetOf(const v1::Record& record);

}  // namespace gusu::server
