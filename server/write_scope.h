// What every write of a record rests on: an active prefix, an active registrant, and the proof of
// the caller. What was read to decide becomes preconditions, so that the ledger decides on the
// same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"
#include "server/access.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::server {

struct WriteScope {
  const storage::Directory::PrefixEntry* prefix;          // of the view's directory
  const storage::Directory::RegistrantEntry* registrant;  // the one acted for
  bool is_holder;                                         // whether it holds the prefix
};

// kNotFound / PREFIX_NOT_FOUND when nobody holds the identifier's own prefix, kNotFound /
// REGISTRANT_NOT_FOUND, kFailedPrecondition / PREFIX_SUSPENDED, PREFIX_RETIRED,
// PREFIX_DELEGATED or REGISTRANT_NOT_ACTIVE. `prefix` is as written, `prefix_key` in upper case.
absl::StatusOr<WriteScope> FindWriteScope(const storage::Directory& directory, const Acting& acting,
                                          std::string_view prefix, std::string_view prefix_key);

// kPermissionDenied / NOT_PREFIX_HOLDER.
absl::Status CheckIsHolder(const WriteScope& scope, const Acting& acting, std::string_view prefix);

Precondition Absent(std::string key);
Precondition AtRevision(std::string key, uint64_t revision);
// No row, and no entry of an index, in [begin, end).
Precondition EmptyInterval(std::string begin, std::string end);

// The registrant and the caller's proof, and each scope's prefix.
void AddActingPreconditions(const storage::Directory& directory, const Acting& acting,
                            const Caller& caller, std::vector<Precondition>* preconditions);
void AddPrefixPrecondition(const WriteScope& scope, std::string_view prefix_key,
                           std::vector<Precondition>* preconditions);

// kInvalidArgument / SUFFIX_REFUSED, with `check_characters` when those are what is wrong.
absl::Status CheckSuffix(const WriteScope& scope, std::string_view suffix);

}  // namespace gusu::server
