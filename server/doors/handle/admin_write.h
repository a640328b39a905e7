// Operations 100 to 104, written and answered.
#pragma once

#include "server/doors/handle/administrator.h"
#include "server/handle_administration/write.h"

namespace gusu::server {

// Answers once, on any thread. What is to be signed is answered on the pool, which may be nullptr;
// unsigned where that is full.
void WriteAndAnswer(const AdminWriting& writing, WorkPool* pool, AdminRequest request,
                    Administrator administrator, LateAnswer answer);

}  // namespace gusu::server
