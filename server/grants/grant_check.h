// What a grant rests on in the store.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "server/access.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class GrantRow;
}

namespace gusu::server {

// Whether the grantor may give it, and everything that it names is there; fills in as what it is
// given (by_holder, passing_counts), and adds what was read to the preconditions. As
// FindWriteScope, and kNotFound / REGISTRANT_NOT_FOUND, GROUP_NOT_FOUND, TEMPLATE_NOT_FOUND or
// IDENTIFIER_NOT_FOUND; kFailedPrecondition / REGISTRANT_NOT_ACTIVE; kPermissionDenied /
// NOT_PREFIX_HOLDER, or NOT_RECORD_OWNER for a single record; kInvalidArgument / FIELD_INVALID for
// a grant to itself.
absl::Status CheckGrant(const storage::View& view, const Acting& acting, storage::v1::GrantRow* row,
                        std::vector<Precondition>* preconditions);

// kNotFound / GROUP_NOT_FOUND.
absl::Status GroupNotFound(const std::string& registrant, const std::string& id);

// kFailedPrecondition / GRANTS_TOO_MANY. It is the count of the view: grants that are made at the
// same moment may each be the last one.
absl::Status CheckLiveGrants(const storage::View& view, const std::string& grantor, absl::Time now);

}  // namespace gusu::server
