// The page of a code.
#pragma once

#include "proto/identifier.h"
#include "server/doors/http/pages/reader.h"
#include "server/net/http_message.h"

namespace gusu::server {

struct CodeAnswer;
struct HttpCall;

// 200, or 410 for a retired code. `note` is said above the record: why the page answers and not
// what was asked for; may be empty.
HttpResponse CodePage(const HttpCall& call, const Reader& reader, const Identifier& identifier,
                      const CodeAnswer& answer, std::string_view note);

// Of a code in that state.
int CodeStatus(const CodeAnswer& answer);

}  // namespace gusu::server
