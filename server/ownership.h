// Whose a record is. A row without an owner or a custodian of its own belongs to whoever holds its
// prefix: it passes with the prefix, until a transfer or a change after such a passing names
// somebody.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}

namespace gusu::server {

struct Acting;

// Ids of registrants, valid as long as both arguments. `prefix_holder` is that of the time at which
// the record is looked at.
const std::string& OwnerOf(const storage::v1::RecordRow& row, const std::string& prefix_holder);
const std::string& CustodianOf(const storage::v1::RecordRow& row, const std::string& prefix_holder);

// For what is the owner's alone. kPermissionDenied / NOT_RECORD_OWNER.
absl::Status CheckIsOwner(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                          const Acting& acting);

// `88.118.8` of `88.118.8/HP-1`.
std::string_view PrefixKeyIn(std::string_view identifier_key);

// Id of the registrant that holds the prefix now; empty when it was never granted. Valid as long as
// the directory.
const std::string& PrefixHolder(const storage::Directory& directory, std::string_view prefix_key);
// The same as of a revision: no read when the prefix has not changed since.
absl::StatusOr<std::string> PrefixHolderAsOf(const storage::View& view, std::string_view prefix_key,
                                             uint64_t revision);

// Makes it somebody's in its own right, and counts that.
void SetOwner(const std::string& owner, storage::v1::RecordRow* row);

// Names owner and custodian in a row whose prefix has passed on since it was issued, so that the
// row says by itself whose the record is: its commitment has the issuer where it names nobody.
void NameOwners(const std::string& prefix_holder, storage::v1::RecordRow* row);

}  // namespace gusu::server
