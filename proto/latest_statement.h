// The server's statement of the latest revision: what no proof of a log can show, said over a
// signature.
//
// It is the text of a signed note, by the log's keys:
//   gusu.latest/v1
//   registry.example/log1                           origin: name of the log and of its keys
//   70000                                           leaves of the log in the state that was read
//   1800000000000000                                when it was signed, microseconds since 1970 UTC
//   1799999999000000                                read revision: the state is the one as of then
//   1799990000000000                                the latest revision of the record in that state
//   Mn/iKx3Iq5GM2QMOuTTZLE0yYgAbHwsxYWbR8mUwr7Q=    which record: SHA-256 over salt and name
// Each line has its line end, numbers are decimal without leading zeros, and only this form is
// read. It can never be taken for a checkpoint, whose second line is a number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"
#include "proto/note_key.h"

namespace gusu {

struct LatestStatement {
  std::string origin;
  uint64_t tree_size = 0;      // at least 1
  uint64_t time_us = 0;        // microseconds since 1970 UTC
  uint64_t read_revision = 0;  // likewise
  uint64_t revision = 0;       // likewise; at least 1 and at most read_revision
  Hash identifier_hash{};
  bool operator==(const LatestStatement&) const = default;
};

// SHA-256("gusu.identifier.v1\n" ‖ salt ‖ resource), of a record's name and 32 random bytes, so
// that whoever finds a statement alone does not learn which record it is of.
Hash IdentifierHash(std::string_view salt, std::string_view resource);

// kInvalidArgument / STATEMENT_MALFORMED names the line that is not as it must be.
absl::StatusOr<LatestStatement> ParseLatestStatement(std::string_view text);
// kInvalidArgument / STATEMENT_MALFORMED for what ParseLatestStatement would not give back.
absl::StatusOr<std::string> FormatLatestStatement(const LatestStatement& statement);

// A statement that the log signed: by an Ed25519 key among `keys` whose name is its origin. Fails
// as ParseSignedNote, VerifyNote and ParseLatestStatement do, and with kInvalidArgument:
// ORIGIN_DIFFERS when the keys are of other logs, SIGNATURE_MISSING.
absl::StatusOr<LatestStatement> OpenLatestStatement(std::string_view signed_note,
                                                    const std::vector<VerifierKey>& keys);

}  // namespace gusu
