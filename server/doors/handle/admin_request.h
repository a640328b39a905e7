// The bytes of the operations 100 to 105: what they ask for.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "proto/handle/message.h"
#include "server/handle_administration/request.h"

namespace gusu::server {

// Operations 100 to 104. HANDLE_MALFORMED; kInvalidArgument / IDENTIFIER_MALFORMED, or
// FIELD_INVALID for a value that no record can have.
absl::StatusOr<AdminRequest> ReadAdminRequest(const handle::Message& message);

// Operation 105: the prefix whose handles are asked for. HANDLE_MALFORMED; IDENTIFIER_MALFORMED for
// a handle that is not one of a prefix.
absl::StatusOr<std::string> ReadListRequest(const handle::Message& message);

}  // namespace gusu::server
