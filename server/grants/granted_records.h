// The records that grants name one by one, registered or codes of a serial range.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "storage/view.h"

namespace gusu::server {

// Id of the registrant that owns a code now; nullopt when it was never issued.
absl::StatusOr<std::optional<std::string>> OwnerNow(const storage::View& view,
                                                    const Identifier& identifier);

}  // namespace gusu::server
