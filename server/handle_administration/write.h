// Requests to administer handles as calls of the registry. Each reads the record, checks by its
// HS_ADMIN values who may do it, and writes what it read or, where another was faster, begins
// again. Of those that write one handle at once, each round one comes through, so that kAttemptsMax
// of them do; then it is kAborted / ETAG_MISMATCH, which clients are told as a server too busy.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "server/handle_administration/administrator.h"
#include "server/handle_administration/request.h"

namespace gusu::storage {
class Ledger;
}

namespace gusu::server {

class Registry;

struct AdminOutcome {
  absl::Status status;
  std::string handle;    // as it was written to; empty when it never came so far
  bool created = false;  // it was not there before
};

struct AdminWriting {
  static constexpr int kAttemptsMax = 64;
  using Done = std::function<void(const AdminOutcome& outcome)>;

  // Not owned; outlive every write.
  Registry* registry = nullptr;
  const storage::Ledger* ledger = nullptr;

  // `done` is called once, here or on the ledger's thread, where it must not block.
  void Write(AdminRequest request, Administrator administrator, Done done) const;
};

}  // namespace gusu::server
