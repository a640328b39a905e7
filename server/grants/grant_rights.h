// What grants let a registrant do with a record that is not its own.
//
// A grant counts while it is neither revoked nor expired and its grantor has been what it gave it
// as ever since: the prefix's holder, or the owner of the record. It gives no more than its grantor
// may do itself: of a record that somebody else owns, a holder's grant opens PARTNER at most.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "storage/directory.h"

namespace gusu::storage::v1 {
class RecordRow;
}

namespace gusu::server {

// A record as it stands now, and who wants to do something with it.
struct GrantedAccess {
  const storage::Directory& directory;
  const std::string& registrant;  // id
  const storage::v1::RecordRow& record;
  std::string_view identifier_key;
  absl::Time now;
};

// The highest tier (number of gusu.v1.Tier) that its grants let the registrant read; 0 without any.
uint32_t TierByGrant(const GrantedAccess& access);

// Types of values that its grants let the registrant add, and change where it is their author. What
// that rests on is added to the preconditions, once each.
std::set<std::string> TypesWritableByGrant(const GrantedAccess& access,
                                           std::vector<Precondition>* preconditions);

// kPermissionDenied / ATTRIBUTE_NOT_GRANTED names a value that differs and whose type is not in
// `types`.
absl::Status CheckGrantedChanges(const storage::v1::RecordRow& before,
                                 const storage::v1::RecordRow& after,
                                 const std::set<std::string>& types);

}  // namespace gusu::server
