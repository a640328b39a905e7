// An application to become a registrant: what is checked, filled in and warned of.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "proto/change.h"

namespace gusu::storage::v1 {
class RegistrantRow;
}
namespace gusu::v1 {
class ApplyRegistrantRequest;
class Registrant;
}  // namespace gusu::v1

namespace gusu::server {

// The row of a PENDING registrant, with defaults filled in and warnings for the reviewer. Fails
// with kInvalidArgument and FIELD_MISSING, FIELD_INVALID or ORGANIZATION_CODE_MALFORMED, naming the
// field.
absl::StatusOr<storage::v1::RegistrantRow> ReadApplication(
    const v1::ApplyRegistrantRequest& request);

// The part of it that a correction says again: all but the id and the claim, which `row` keeps.
absl::Status ReadApplicant(const v1::Registrant& registrant, storage::v1::RegistrantRow* row);

// What two applications for an id must agree in to be the same.
Hash ApplicationDigest(std::string_view id, const storage::v1::RegistrantRow& row);

}  // namespace gusu::server
