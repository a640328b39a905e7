// The opening of an audit leaf: canonical bytes that say what a change was, and the leaf that binds
// them without showing them.
//
// Opening = version byte 1, then fields of proto/canonical.h in ascending tag order:
//   1 operation · 2 resource · 3 registrant · 4 actor · 5 credential · 6 on_behalf_of · 7 revision
//   8 previous_leaf_count · 9 sequence · 10 reason · 11 commitment (repeated: label, 0x00, 32
//   bytes) · 12 erasure (repeated: leaf index in 8 bytes big-endian, label)
// Empty text and zero numbers are left out. At most 16 KiB.
//
// Leaf = version byte 1 ‖ commit time (8 bytes big-endian, µs since 1970 UTC)
//        ‖ SHA-256("gusu.leaf.v1\n" ‖ 32-byte salt ‖ opening); 41 bytes.
// Commitment = SHA-256("gusu.commitment.v1\n" ‖ 32-byte salt ‖ canonical bytes of the part).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/change.h"

namespace gusu {

inline constexpr size_t kOpeningBytesMax = 16 * 1024;

// The change's fields up to `commitments` and the ledger's part.
std::string EncodeOpening(const Change& change);
// Refuses anything that EncodeOpening would not have written, byte for byte.
absl::StatusOr<Change> DecodeOpening(std::string_view bytes);

// `salt` is 32 bytes.
std::string LeafBytes(uint64_t commit_time_us, std::string_view salt, std::string_view opening);
// Microseconds since 1970 UTC; nullopt for bytes that are not a leaf of this version.
std::optional<uint64_t> LeafCommitTime(std::string_view leaf);
Hash CommitmentHash(std::string_view salt, std::string_view canonical_bytes);

}  // namespace gusu
