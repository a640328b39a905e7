// Submits one write of the registrar, again when others were faster.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::server {

// What to append; or the receipt, when the same was done before.
using PlannedWrite = std::variant<storage::ChangeSet, storage::Receipt>;
// From a view to what is to be done: everything that it reads to decide is among the preconditions.
using PlanWrite = std::function<absl::StatusOr<PlannedWrite>(const storage::View&)>;
// The resource's row as the change wrote it.
using RowDone = std::function<void(absl::StatusOr<storage::Row>)>;

// Plans and appends, and plans again when a precondition did not hold, at most kResubmissionsMax
// times. A known request id gets the row that it wrote; kInvalidArgument / REQUEST_ID_REUSED when
// its digest differs. `key` is the row's. `done` is called once: on the calling thread, or on the
// ledger's answer thread.
void SubmitWrite(storage::Ledger* ledger, std::string key,
                 std::optional<storage::ChangeSet::Request> request, PlanWrite plan, RowDone done);

// A change set of the one change, with the caller's proof among its preconditions.
storage::ChangeSet SetOf(Change change, const Caller& caller);

// nullopt without an id. `scope` is the id of the registrant acted for, empty for the bureau.
std::optional<storage::ChangeSet::Request> RequestOf(const std::string& id,
                                                     const std::string& scope, const Hash& digest);

}  // namespace gusu::server
