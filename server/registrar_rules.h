// Rules that several methods of the registrar share.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/change.h"
#include "server/access.h"
#include "server/caller.h"
#include "storage/directory.h"
#include "storage/view.h"

namespace gusu::v1 {
class OnBehalfOf;
}

namespace gusu::server {

// The actor of what the bureau does, as openings write it.
inline constexpr std::string_view kBureauActor = "bureau";

// kNotFound / REGISTRANT_NOT_FOUND.
absl::Status RegistrantNotFound(std::string_view id);
absl::StatusOr<const storage::Directory::RegistrantEntry*> RequireRegistrant(
    const storage::Directory& directory, std::string_view id);

// `prefix` as written. kNotFound / PREFIX_NOT_FOUND.
absl::StatusOr<const storage::Directory::PrefixEntry*> RequirePrefix(
    const storage::Directory& directory, std::string_view prefix);

// The prefix in prefixes/{prefix}. kInvalidArgument / FIELD_MISSING, FIELD_INVALID or
// IDENTIFIER_MALFORMED.
absl::StatusOr<std::string> ParsePrefixName(std::string_view name, std::string_view field);

// kFailedPrecondition / REGISTRANT_NOT_ACTIVE.
absl::Status CheckIsActive(std::string_view id, const storage::v1::RegistrantRow& row);

// kNotFound / REGISTRANT_NOT_FOUND, kFailedPrecondition / REGISTRANT_NOT_ACTIVE or
// REGISTRANT_IS_PARTNER. What was read is added to the preconditions.
absl::Status CheckMayHoldPrefix(const storage::Directory& directory, const std::string& id,
                                Change* change);

// Whether a registrant counts as approved: ACTIVE, SUSPENDED or CLOSED.
bool IsApproved(const storage::v1::RegistrantRow& row);

// The bureau may look at every registrant, all others at their own (by claim too):
// kPermissionDenied / NOT_OWN_REGISTRANT.
absl::Status CheckMaySee(const Caller& caller, std::string_view registrant);

// Who does something that both the bureau and registrants may do, and why: the bureau in its own
// name, or in that of the registrant that it names; a registrant in its own. Fails as ActingFor.
absl::StatusOr<Acting> ActingAs(const Caller& caller, const v1::OnBehalfOf& on_behalf_of,
                                const std::string& reason);
// The bureau in its own name.
Acting ActingBureau(const std::string& reason);

// kAborted / ETAG_MISMATCH; an empty `given` fits. `kind` is registrant, prefix or group.
absl::Status CheckEtag(std::string_view kind, std::string_view name, std::string_view given,
                       uint64_t revision);

// Whether the last change of the resource at `leaf_index` was this one: a repeat gets its receipt.
absl::StatusOr<bool> WasLast(const storage::View& view, uint64_t leaf_index, Operation operation,
                             const Acting& acting);

}  // namespace gusu::server
