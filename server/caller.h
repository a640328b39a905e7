// Who asks, how they proved it, and through which door.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace gusu::server {

class LoggedReads;

// Roles as the access table knows them. ANONYMOUS has no credential; APPLICANT holds the claim of
// an application; the others are the roles of gusu.v1.Credential.
enum class Role {
  kAnonymous,
  kApplicant,
  kReader,
  kRegistrantWriter,
  kRegistrantAdmin,
  kBureauAuditor,
  kBureauAdmin,
};

enum class Door { kGrpc, kHandle, kHttp, kInternal };

struct Caller {
  Role role = Role::kAnonymous;
  Door door = Door::kInternal;
  // Id of the registrant that the credential or the claim belongs to; empty for the bureau and for
  // callers without a credential.
  std::string registrant;
  // Id of the credential; empty without one.
  std::string credential;
  // Storage key and revision of the row that proved the caller: a precondition of what it writes.
  std::string proof_key;
  uint64_t proof_revision = 0;
  // Numeric address without port, for rate limits and logs.
  std::string peer;
  // Of the bureau: what it may read beyond PUBLIC in this request (server/bureau_reads.h). nullptr:
  // nothing.
  std::shared_ptr<const LoggedReads> reads_with_reason;

  bool is_bureau() const { return role == Role::kBureauAdmin || role == Role::kBureauAuditor; }
};

// What a door hands over before anything is proved.
struct Proof {
  // Text of the bearer token or claim; empty: none was given.
  std::string bearer;
  std::string peer;
  Door door = Door::kInternal;
};

}  // namespace gusu::server
