// What a request for a code's page asks for.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "server/doors/http/call.h"
#include "server/doors/http/content_type.h"

namespace gusu::v1 {
class ResolveOptions;
}

namespace gusu::server {

enum class CodeFormat { kPage, kJson, kLinkset, kProof };

inline constexpr std::string_view kLinksetType = "application/linkset+json";

// `?format=page|json|linkset|proof`, else what Accept takes best, the page first. kInvalidArgument
// / FIELD_INVALID for another format, kInvalidArgument / NOT_ACCEPTABLE when Accept takes none of
// them.
absl::StatusOr<CodeFormat> FormatOf(const HttpCall& call);

// `?as_of=` a day (YYYY-MM-DD) or a time (RFC 3339), into `options`; without it they stay as they
// are. kInvalidArgument / FIELD_INVALID.
absl::Status ReadAsOf(const HttpTarget& target, v1::ResolveOptions* options);

// A code as it was asked for. When `written` is not empty, the code is to be asked for in that
// form: it was pasted in another one.
struct AskedCode {
  Identifier identifier;
  std::string written;
};
// kInvalidArgument / IDENTIFIER_MALFORMED says where.
absl::StatusOr<AskedCode> ReadCode(std::string_view text, std::string_view public_url);

}  // namespace gusu::server
