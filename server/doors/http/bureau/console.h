// /bureau: the console of the bureau's officers and auditors, in HTML forms without scripts.
//
// Who signs in with a token of the bureau gets a session (sessions.h), whose cookie counts below
// /bureau only. The credential is looked at again for each request. Forms carry a token against
// requests from other sites (form_guard.h). All that is shown and done is asked of the same rules
// as everywhere; here stands none.
#pragma once

#include <memory>

#include "server/doors/http/core.h"

namespace gusu::server {

// Of a form that is posted.
inline constexpr size_t kBureauFormBytesMax = 64 * 1024;

// `core` outlives it.
std::unique_ptr<HttpArea> MakeBureauConsole(const HttpCore* core);

}  // namespace gusu::server
