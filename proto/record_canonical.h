// Canonical bytes of the nouns: what commitments bind and content digests cover.
#pragma once

#include <string>

#include "proto/change.h"

namespace gusu::storage::v1 {
class CredentialRow;
class PrefixRow;
class RecordRow;
class RegistrantRow;
class SettingsRow;
}  // namespace gusu::storage::v1

namespace gusu {

// All of a record but its identifier (the opening's resource), its values, its salts, its times of
// writing, its request and the number that its next hold gets: what the commitment BODY binds.
std::string CanonicalBody(const storage::v1::RecordRow& record);
// The values of one tier (number as in gusu.v1.Tier) in their order, without times of modification;
// empty when there are none.
std::string CanonicalTier(const storage::v1::RecordRow& record, uint32_t tier);

std::string CanonicalBody(const storage::v1::RegistrantRow& registrant);
std::string CanonicalBody(const storage::v1::PrefixRow& prefix);
std::string CanonicalBody(const storage::v1::CredentialRow& credential);
std::string CanonicalBody(const storage::v1::SettingsRow& settings);

// What is left of a revision when the values of a tier are erased: its values and salt are gone,
// and it says so.
void EraseTier(storage::v1::RecordRow& record, uint32_t tier);

// What two registrations must agree in to be the same content: values, and the body but for how
// often the record passed on.
Hash ContentDigest(const storage::v1::RecordRow& record);

// Fresh salts for the body and every tier that has values, none for the others, and the commitments
// made with them. Of what is sealed anew nothing is erased.
std::vector<Commitment> Seal(storage::v1::RecordRow& record);
std::vector<Commitment> Seal(storage::v1::RegistrantRow& registrant);
std::vector<Commitment> Seal(storage::v1::PrefixRow& prefix);
std::vector<Commitment> Seal(storage::v1::CredentialRow& credential);
std::vector<Commitment> Seal(storage::v1::SettingsRow& settings);

}  // namespace gusu
