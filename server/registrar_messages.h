// Registrants, prefixes and credentials between their stored form and the API's.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "storage/row.h"

namespace gusu::storage::v1 {
class CredentialRow;
class GrantRow;
class GroupRow;
class OrganizationCodeRow;
class PrefixRow;
class RegistrantRow;
class TemplateRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class Credential;
class Prefix;
class Registrant;
}  // namespace gusu::v1

namespace gusu::server {

// Contact, documents, warnings and amendment are for itself and the bureau.
enum class ShownTo { kItself, kEverybody };

// `revision` is that of the row's header.
void FillRegistrant(std::string_view id, const storage::v1::RegistrantRow& row, uint64_t revision,
                    ShownTo shown_to, v1::Registrant* message);
void FillPrefix(const storage::v1::PrefixRow& row, uint64_t revision, v1::Prefix* message);
// Its state is that at `now`.
void FillCredential(const storage::v1::CredentialRow& row, uint64_t revision, absl::Time now,
                    v1::Credential* message);

// The message in a stored row; kDataLoss / RECORD_CORRUPT when it is none.
template <typename Message>
absl::StatusOr<Message> PayloadOf(const storage::Row& row);
extern template absl::StatusOr<storage::v1::RegistrantRow> PayloadOf(const storage::Row& row);
extern template absl::StatusOr<storage::v1::PrefixRow> PayloadOf(const storage::Row& row);
extern template absl::StatusOr<storage::v1::CredentialRow> PayloadOf(const storage::Row& row);
extern template absl::StatusOr<storage::v1::OrganizationCodeRow> PayloadOf(const storage::Row& row);
extern template absl::StatusOr<storage::v1::GroupRow> PayloadOf(const storage::Row& row);
extern template absl::StatusOr<storage::v1::GrantRow> PayloadOf(const storage::Row& row);
extern template absl::StatusOr<storage::v1::TemplateRow> PayloadOf(const storage::Row& row);

// The row that stands in for one of `revision` and `leaf_index` keeps when it was made.
template <typename Message>
void KeepCreation(uint64_t revision, uint64_t leaf_index, Message* row) {
  if (row->create_revision() != 0) return;
  row->set_create_revision(revision);
  row->set_create_leaf_index(leaf_index);
}

}  // namespace gusu::server
