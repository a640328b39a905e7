// Who may administer a record over the Handle protocol, by its own values: HS_ADMIN names keys and
// their rights, directly or through groups (HS_VLIST). That only narrows what the access table
// allows: a record without HS_ADMIN is left to the table alone.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "server/handle_identity.h"
#include "server/stored_record.h"
#include "storage/view.h"

namespace gusu::server {

// Groups within groups, and members of all groups that one check looks at.
inline constexpr int kAdminGroupDepthMax = 5;
inline constexpr int kAdminGroupMembersMax = 64;

// The record, or what its serial range has of the code. kNotFound / PREFIX_NOT_FOUND, or
// IDENTIFIER_NOT_FOUND, which of a handle is one that was deleted, too.
absl::StatusOr<StoredRecord> FindHandleRecord(const storage::View& view,
                                              const Identifier& identifier);
// RETIRED because it was deleted: for the Handle protocol it is not there.
bool IsDeletedHandle(const storage::v1::RecordRow& record);

// Whether HS_ADMIN values give the identity all of `rights` (proto/handle/admin_value.h), one or
// several of them together. kPermissionDenied / HANDLE_ADMIN_REFUSED when none names it,
// HANDLE_RIGHT_REFUSED when a right is missing. 0.NA/{prefix} stands for every identity below the
// prefix: records that come from other registries name their prefix's administrators so. HS_ADMIN
// that names somebody of another registry counts as none: nobody could prove here to be that one.
absl::Status CheckHandleRights(const storage::View& view, const storage::v1::RecordRow& record,
                               const HandleIdentity& identity, uint16_t rights);

}  // namespace gusu::server
