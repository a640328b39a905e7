// A record of its own for one code of a serial range: registered over it, or made of it by the
// first verb on the code. From then on the record counts, and the range's row stays as it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"
#include "proto/identifier.h"
#include "server/access.h"
#include "server/ranges/range_lookup.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}

namespace gusu::server {

// Whether a registration may take the code, of which `record` is to be the first revision. Of a
// code of a range it rests on the range's row, and goes on counting how often the code passed on.
// kFailedPrecondition / RECORD_RETIRED for a code that was released, kAlreadyExists /
// IDENTIFIER_TAKEN for one that has passed to another owner; neither when the code has a record of
// its own, of which the ledger tells.
absl::Status CheckRegistersOver(const storage::View& view, const Identifier& identifier,
                                const Acting& acting, const std::string& prefix_holder,
                                storage::v1::RecordRow* record,
                                std::vector<Precondition>* preconditions);

// The code that a verb is to make a record of; nullopt for one of no range. kFailedPrecondition /
// RANGE_STATE for verbs that one code of a range cannot bear: what was released is not reinstated,
// and values that a range shares are not erased from one code.
absl::StatusOr<std::optional<RangeCode>> FindCodeToChange(const storage::View& view,
                                                          const Identifier& identifier,
                                                          Operation operation);

// What such a change rests on and adds beside the record's row at `record_key`, which is to be
// `record`: its first revision, as if it were registered over the code.
void AddOwnRecord(const RangeCode& code, const std::string& record_key,
                  storage::v1::RecordRow* record, Change* change);

}  // namespace gusu::server
