// A change: one thing that happened in the registry, before and after it has its place in the log.
//
// The server fills in what was asked; the ledger fills in the place (commit time, previous leaf,
// sequence) and writes it. Its canonical bytes are the opening of its audit leaf (proto/opening.h).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "proto/suffix_pattern.h"

namespace gusu {

using Hash = std::array<uint8_t, 32>;

// What a change did. The text form (REGISTER, RETIRE, …) is what openings carry; numbers are ours.
enum class Operation {
  kInitialize,  // first start: the registry's settings
  kApplyRegistrant,
  kApproveRegistrant,
  kGrantPrefix,
  kCreateCredential,
  kRevokeCredential,
  kRegister,
  kUpdate,
  kModifyValues,
  kSuspend,
  kActivate,
  kRetire,
  kReinstate,
  kEraseValues,
  kChangeLogKeys,  // which keys sign checkpoints
  kNewLogEpoch,    // the log goes on under a new name after a loss
  kUpdateRegistrant,
  kReturnRegistrant,
  kRejectRegistrant,
  kSuspendRegistrant,
  kActivateRegistrant,
  kCloseRegistrant,
  kDesignateRegistrant,
  kRevokeDesignation,
  kUpdatePrefix,
  kDelegatePrefix,
  kTransferPrefix,
  kSuspendPrefix,
  kActivatePrefix,
  kRetirePrefix,
  kCreateTemplate,
  kUpdateTemplate,
  kPublishTemplate,
  kWithdrawTemplate,
  kCreateGrant,
  kRevokeGrant,
  kSetGroup,
  kHold,
  kUnhold,
  kOfferTransfer,
  kAcceptTransfer,
  kDeclineTransfer,
  kWithdrawTransfer,
  kTransfer,  // of one record or range: what an accepted transfer did to it
  kAllocateRange,
  kActivateRange,
  kReleaseRange,
  kSplitRange,  // the rest of a range, a part of which was acted on in the same set
  kRead,        // the bureau read what is not public; no row is written
};

std::string_view OperationName(Operation operation);
std::optional<Operation> OperationFromName(std::string_view name);

// Binds a part of the resource's content without showing it: SHA-256 over a salt and the part's
// canonical bytes. Labels: BODY (all but the values), PUBLIC, PARTNER, OWNER (a tier's values).
struct Commitment {
  std::string label;
  Hash hash;
};

// What must hold in the store, overlaid with the changes before this one, for a change to happen.
struct Precondition {
  enum class Kind {
    kAbsent,         // no row at `key`
    kRevision,       // the row at `key` has `revision`
    kEmptyInterval,  // no row in [key, end)
    kQuota,  // records and range codes of the prefix with key `key`, plus the set's, ≤ `limit`
  };
  Kind kind = Kind::kAbsent;
  std::string key;        // a storage key (storage/keys.h), for kQuota a prefix key
  uint64_t revision = 0;  // kRevision: microseconds since 1970 UTC
  std::string end;        // kEmptyInterval
  uint64_t limit = 0;     // kQuota
};

// A row that a change writes. The ledger puts the revision and the leaf index before the payload
// and keeps the row that stood there in history.
struct RowPut {
  std::string key;
  std::string payload;  // a message of gusu.storage.v1, serialised
};

// A tier of values of an earlier revision that a change erases.
struct Erasure {
  uint64_t leaf_index = 0;  // of the change that wrote them
  std::string label;        // of the tier's commitment
};

// A row of an earlier revision, current or in history, with other content under the same header:
// what erasing makes of it. The change's preconditions include the current row's revision.
struct RowRewrite {
  std::string key;        // of the row, not of its place in history
  uint64_t revision = 0;  // whose row it is
  uint64_t leaf_index = 0;
  std::string payload;
};

// What is counted of a change, by prefix and day. The numbers are stored; a retirement is
// kRetiredBase + its gusu.v1.Retirement.Reason.
enum Counter : uint32_t {
  kCreated = 1,
  kReserved = 2,
  kChanged = 3,
  kActivated = 4,
  kReinstated = 5,
  kRangeCodesAllocated = 10,
  kRangeCodesActivated = 11,
  kRangeCodesReleased = 12,
  kRetiredBase = 100,
};

struct Count {
  uint32_t counter = 0;
  uint64_t number = 0;
};

// An entry of a secondary index that a change makes or removes: nothing but its key, which is
// `beginning` (storage/keys.h) and then the name of the row. Of a record that is the comparison key
// of its identifier's suffix; the ledger knows it of minted ones.
struct IndexEntry {
  std::string beginning;
  std::string name;  // empty in a change with `mint`
};

// The suffix is the ledger's to assign: the first serial whose code is free.
struct MintRequest {
  std::string prefix;  // as written
  SuffixPattern pattern;
  // The last one whose code the prefix takes.
  uint64_t serial_max = std::numeric_limits<uint64_t>::max();
};

struct Change {
  Operation operation = Operation::kRegister;
  // Resource name; the ledger sets it for a minted record.
  std::string resource;
  // Key (upper case) of the prefix whose sequence counts this change; empty: none.
  std::string prefix_key;
  std::string registrant;    // id of the registrant concerned; empty: none
  std::string actor;         // registrants/{id}, bureau or applicant
  std::string credential;    // id; empty: none
  std::string on_behalf_of;  // registrants/{id} when the bureau acts for it
  std::string reason;
  std::vector<Commitment> commitments;
  std::vector<Erasure> erasures;

  std::vector<Precondition> preconditions;
  // rows[0] is the resource's own row: its previous leaf is the change's.
  std::vector<RowPut> rows;
  std::vector<RowRewrite> rewrites;
  // When set: rows[0].key is empty and its payload a RecordRow without identifier.
  std::optional<MintRequest> mint;
  bool adds_record = false;
  // Codes of serial ranges that it allocates below prefix_key.
  uint64_t adds_range_codes = 0;
  // Of the prefix with prefix_key, on the day of the commit.
  std::vector<Count> counts;
  // Removed first, then added.
  std::vector<IndexEntry> index_removes;
  std::vector<IndexEntry> index_adds;

  // The ledger's part.
  uint64_t revision = 0;             // commit time, microseconds since 1970 UTC
  uint64_t previous_leaf_count = 0;  // index of the resource's previous leaf + 1; 0: none
  uint64_t sequence = 0;             // within the prefix, from 1 on; 0: none
};

}  // namespace gusu
