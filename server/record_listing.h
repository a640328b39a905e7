// One page of a list of records.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "server/record_filter.h"
#include "server/record_source.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}
namespace gusu::v1 {
class ListRecordsResponse;
}

namespace gusu::server {

class RecordListing {
 public:
  // What one page looks at is bounded by kPageRowsMax keys; reading one record as it was in the
  // past counts as this many.
  static constexpr size_t kPastReadKeys = 10;
  // That are read with one engine call.
  static constexpr size_t kReadTogetherMax = 256;

  // Of the records below one prefix (by key), or below all for an empty one; then the filter names
  // an owner or a custodian and no past time. All arguments outlive the listing.
  RecordListing(const storage::View& view, const Caller& caller, const RecordFilter& filter,
                std::string_view prefix_key, absl::Time now);

  // Fills the page after `position` (empty: the first). kInvalidArgument / PAGE_TOKEN_INVALID for
  // one that NextPosition never gave.
  absl::Status Run(std::string_view position, size_t page_size, v1::ListRecordsResponse* response);

  // Where the next page begins; empty when nothing is left.
  const std::string& NextPosition() const { return next_; }

 private:
  absl::Status RunPrefix(std::string_view after);
  absl::Status RunAll(std::string_view position);
  absl::Status RunHeld(const std::string& prefix_key, std::string_view after);
  // Below the prefixes that the registrant holds, after this one.
  absl::Status RunHeldPrefixes(std::string after);
  // Of a list over prefixes/-: who owns or keeps what is listed.
  const std::string& Party() const {
    return filter_.owner.empty() ? filter_.custodian : filter_.owner;
  }

  absl::Status RunSource(const RecordSource& source, const std::string& position_beginning,
                         std::string_view after);
  absl::Status ReadRows(std::vector<RecordCandidate>* candidates) const;
  absl::Status Take(const RecordSource& source, const RecordCandidate& candidate);
  absl::StatusOr<const std::string*> HolderOf(std::string_view prefix_key);
  bool NamesParty(const storage::v1::RecordRow& row) const;
  bool IsFull() const;

  const storage::View& view_;
  const Caller& caller_;
  const RecordFilter& filter_;
  const std::string prefix_key_;
  const absl::Time now_;
  // The holder found last, and of which prefix.
  std::string prefix_holder_;
  std::string prefix_holder_of_;

  v1::ListRecordsResponse* response_ = nullptr;
  size_t page_size_ = 0;
  size_t looked_at_ = 0;
  size_t bytes_ = 0;
  std::string next_;
};

}  // namespace gusu::server
