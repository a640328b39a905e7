// The values of a record on its page: its own, then inherited ones by where they come from.
#pragma once

#include <memory>

#include "server/doors/http/html.h"
#include "server/doors/http/pages/reader.h"
#include "server/doors/http/pages/value_attributes.h"

namespace gusu::v1 {
class Record;
class Value;
}  // namespace gusu::v1

namespace gusu::server {

// Of a value, so many octets are shown, so that a page has a bound.
inline constexpr size_t kShownBytesMax = 4096;

// Attributes go by their names, other values by their types.
void WriteValues(const Reader& reader, const v1::Record& record, const ValueAttributes& attributes,
                 HtmlWriter& html);

}  // namespace gusu::server
