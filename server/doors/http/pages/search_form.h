// The search box: takes a code in any form, by hand or by camera.
#pragma once

#include <string_view>

#include "server/doors/http/html.h"
#include "server/doors/http/pages/reader.h"

namespace gusu::server {

// `text` is what it begins with. A page that has it sets PageFrame::has_scan. Once a page.
void WriteSearchForm(const Reader& reader, std::string_view text, HtmlWriter& html);

}  // namespace gusu::server
