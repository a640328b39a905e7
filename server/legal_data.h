// What a registrant is in law, as it applies with it and as it changes later: names, organisation
// code, address, district, industry class, seat, and the documents that prove them.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace gusu::storage::v1 {
class RegistrantRow;
}
namespace gusu::v1 {
class Registrant;
}

namespace gusu::server {

inline constexpr int kDocumentsMax = 32;

// Puts the legal data into the row, with defaults filled in and warnings for the reviewer in place
// of those that it had. kInvalidArgument / FIELD_MISSING, FIELD_INVALID or
// ORGANIZATION_CODE_MALFORMED, naming the field below `registrant`.
absl::Status ReadLegalData(const v1::Registrant& registrant, storage::v1::RegistrantRow* row);

// As ReadLegalData, of what can be reached without the bureau's word: person, e-mail, telephone.
absl::Status ReadContact(const v1::Registrant& registrant, storage::v1::RegistrantRow* row);

// A row of the legal data and the warnings alone.
storage::v1::RegistrantRow LegalDataOf(const storage::v1::RegistrantRow& row);
// Puts them in the place of those of `row`, which keeps everything else.
void TakeLegalData(const storage::v1::RegistrantRow& legal_data, storage::v1::RegistrantRow* row);

}  // namespace gusu::server
