// Canonical bytes and commitments of grants and of the groups that they are given to.
#pragma once

#include <string>
#include <vector>

#include "proto/change.h"

namespace gusu::storage::v1 {
class GrantRow;
class GroupRow;
}  // namespace gusu::storage::v1

namespace gusu {

// All but salt, times of writing and request.
std::string CanonicalBody(const storage::v1::GrantRow& grant);
std::string CanonicalBody(const storage::v1::GroupRow& group);

// A fresh salt, and the commitment BODY that is made with it.
std::vector<Commitment> Seal(storage::v1::GrantRow& grant);
std::vector<Commitment> Seal(storage::v1::GroupRow& group);

}  // namespace gusu
