// Entries of the log as a caller may see them, page by page and for a watch.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "server/caller.h"
#include "storage/view.h"

namespace google::protobuf {
template <typename Element>
class RepeatedPtrField;
}
namespace gusu::v1 {
class ListEntriesRequest;
class ListEntriesResponse;
class LogEntry;
}  // namespace gusu::v1

namespace gusu::server {

// kInvalidArgument: FIELD_INVALID, PAGE_TOKEN_INVALID, IDENTIFIER_MALFORMED. kUnauthenticated /
// CREDENTIAL_MISSING and kPermissionDenied / ROLE_REFUSED for more than the caller may see.
// kOutOfRange / TREE_SIZE_UNKNOWN for entries that the log does not have yet.
absl::Status ListEntriesOf(const storage::View& view, const v1::ListEntriesRequest& request,
                           const Caller& caller, v1::ListEntriesResponse* response);

// The entries in [begin, end), or the first of them that make kPageBytesMax; `with_openings`: with
// those that the caller may open.
absl::Status AddEntries(const storage::View& view, uint64_t begin, uint64_t end, bool with_openings,
                        const Caller& caller,
                        google::protobuf::RepeatedPtrField<v1::LogEntry>* entries);

}  // namespace gusu::server
