// `/`: the search box, and what this registry is.
#pragma once

#include "server/audit/checkpoints.h"
#include "server/doors/http/pages/reader.h"
#include "server/net/http_message.h"
#include "server/registry_summary.h"

namespace gusu::server {

// `checkpoint` may be nullptr: none is published.
HttpResponse HomePage(const HttpCall& call, const Reader& reader, const RegistrySummary& summary,
                      const SignedCheckpoint* checkpoint);

}  // namespace gusu::server
