// An organisation code as callers write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::v1 {
class OrganizationCode;
}

namespace gusu::server {

// As rows and keys have it.
struct StoredOrganizationCode {
  uint32_t scheme = 0;  // number of gusu.v1.OrganizationCode.Scheme
  std::string authority;
  std::string value;  // of USCC and LEI in upper case
};

// Without a scheme it is a USCC. kInvalidArgument / ORGANIZATION_CODE_MALFORMED, FIELD_MISSING or
// FIELD_INVALID, the last two with the field's name below `field`.
absl::StatusOr<StoredOrganizationCode> ReadOrganizationCode(const v1::OrganizationCode& code,
                                                            std::string_view field);

}  // namespace gusu::server
