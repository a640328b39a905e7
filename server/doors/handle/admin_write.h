// Operations 100 to 104 as calls of the registry. Each reads the record, checks by its HS_ADMIN
// values who may do it, and writes what it read or, where another was faster, begins again, at most
// kAttemptsMax times: then the client is told that the server is busy.
#pragma once

#include "server/doors/handle/admin_request.h"
#include "server/doors/handle/administrator.h"

namespace gusu::storage {
class Ledger;
}

namespace gusu::server {

class Registry;

struct AdminWriting {
  static constexpr int kAttemptsMax = 4;

  // Not owned; outlive every write.
  Registry* registry = nullptr;
  const storage::Ledger* ledger = nullptr;
  WorkPool* pool = nullptr;  // nullptr: the engine does not block

  // Answers once, on any thread.
  void Write(AdminRequest request, Administrator administrator, LateAnswer answer) const;
};

}  // namespace gusu::server
