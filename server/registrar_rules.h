// Rules that several methods of the registrar share.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/caller.h"
#include "storage/directory.h"

namespace gusu::server {

// The actor of what the bureau does, as openings write it.
inline constexpr std::string_view kBureauActor = "bureau";

// kNotFound / REGISTRANT_NOT_FOUND.
absl::StatusOr<const storage::Directory::RegistrantEntry*> RequireRegistrant(
    const storage::Directory& directory, std::string_view id);

// kFailedPrecondition / REGISTRANT_NOT_ACTIVE.
absl::Status CheckIsActive(std::string_view id, const storage::v1::RegistrantRow& row);

// The bureau may look at every registrant, all others at their own (by claim too):
// kPermissionDenied / NOT_OWN_REGISTRANT.
absl::Status CheckMaySee(const Caller& caller, std::string_view registrant);

}  // namespace gusu::server
