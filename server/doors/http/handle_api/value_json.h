// Values of handles in the Handle JSON API.
//
// Data has a format: string, base64 or hex (bytes), admin (HS_ADMIN), vlist (HS_VLIST), site
// (HS_SITE) or key (HS_PUBKEY). Text alone is read as a string, too.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/handle/value.h"
#include "server/handle_administration/request.h"

namespace gusu::server {

// `permissions` is left out where they are the usual ones.
nlohmann::ordered_json ValueJson(const handle::Value& value);

// An array of values, one value, or an object with `values`, into the request's row. What a value
// does not say of permissions and time to live is left to the record. HANDLE_MALFORMED for what has
// not this form, kInvalidArgument / FIELD_INVALID for a value that no record can have.
absl::Status ReadValues(std::string_view body, AdminRequest* request);

}  // namespace gusu::server
