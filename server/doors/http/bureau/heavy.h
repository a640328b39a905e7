// Pages that read much: run one after the other, away from the threads of the door.
#pragma once

#include <functional>

#include "server/doors/http/bureau/page.h"
#include "server/work_pool.h"

namespace gusu::server {

// `answer` answers the call. With kResourceExhausted / CALL_QUEUE_FULL this does, when too many
// wait.
void RunHeavy(const BureauCall& call, BureauSection section, WorkPool& heavy,
              std::function<void(const BureauRequest&)> answer);

}  // namespace gusu::server
