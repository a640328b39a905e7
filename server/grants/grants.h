// The rules of giving others rights on one's records: grants, and groups of registrants to give
// them to. What they come to is in server/grants/grant_rights.h.
//
// Writes answer through `done` as Registry's do; reads on the calling thread.
#pragma once

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/registry.h"

namespace gusu::v1 {
class CreateGrantRequest;
class GrantResponse;
class GroupResponse;
class ListGrantsRequest;
class ListGrantsResponse;
class ListGroupsRequest;
class ListGroupsResponse;
class RevokeGrantRequest;
class SetGroupRequest;
}  // namespace gusu::v1

namespace gusu::server {

class Grants {
 public:
  // Of one grantor, neither revoked nor expired.
  static constexpr size_t kLiveGrantsMax = 5000;
  static constexpr size_t kGroupsMax = 200;

  // Ledger and proofs are not owned, and outlive it; `proofs` may be nullptr where nobody asks for
  // any. `clock` tells what has expired.
  Grants(storage::Ledger* ledger, const Proofs* proofs,
         std::function<absl::Time()> clock = absl::Now);

  // The same again, under the same request id, is answered with the grant that it made. Without
  // one, it is answered with the grant that is ACTIVE, or gives it anew.
  void CreateGrant(const v1::CreateGrantRequest& request, const Caller& caller,
                   Done<v1::GrantResponse> done);
  void RevokeGrant(const v1::RevokeGrantRequest& request, const Caller& caller,
                   Done<v1::GrantResponse> done);
  // What would not change the group writes nothing, whatever its etag.
  void SetGroup(const v1::SetGroupRequest& request, const Caller& caller,
                Done<v1::GroupResponse> done);

  // Somebody who is neither the grantor nor the bureau is shown what the grantor gave it.
  absl::Status ListGrants(const v1::ListGrantsRequest& request, const Caller& caller,
                          v1::ListGrantsResponse* response) const;
  absl::Status ListGroups(const v1::ListGroupsRequest& request, const Caller& caller,
                          v1::ListGroupsResponse* response) const;

 private:
  storage::Ledger* const ledger_;
  const Proofs* const proofs_;
  const std::function<absl::Time()> clock_;
};

}  // namespace gusu::server
