#include "server/audit/entry_listing.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "google/rpc/status.pb.h"
#include "gusu/v1/audit.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/opening_rights.h"
#include "server/audit/resource_keys.h"
#include "server/audit/stored_parts.h"
#include "server/page_token.h"
#include "server/resource_fields.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

constexpr std::string_view kPrefixes = "prefixes/";

// What of the log is listed: [next, end), the entries of one prefix or all.
struct Interval {
  uint64_t next = 0;
  uint64_t end = 0;
};

absl::Status NeedsRole(const Caller& caller, std::string_view what) {
  if (caller.role == Role::kAnonymous) {
    return Error(absl::StatusCode::kUnauthenticated, "CREDENTIAL_MISSING",
                 Concat("ListEntries ", what, " needs a credential"), {{"method", "ListEntries"}});
  }
  return Error(
      absl::StatusCode::kPermissionDenied, "ROLE_REFUSED",
      Concat("a credential of role ", RoleName(caller.role), " may not call ListEntries ", what),
      {{"role", std::string(RoleName(caller.role))}, {"method", "ListEntries"}});
}

absl::Status CheckRights(const v1::ListEntriesRequest& request, const Caller& caller) {
  if (request.view() == v1::CONTENT && !caller.is_bureau()) {
    return NeedsRole(caller, "with view CONTENT");
  }
  if (!request.prefix().empty() && caller.role == Role::kAnonymous) {
    return NeedsRole(caller, "with a prefix");
  }
  if (!v1::EntryView_IsValid(request.view())) {
    return FieldInvalid("view", std::to_string(request.view()), "LEAF, OPENING or CONTENT");
  }
  return absl::OkStatus();
}

// Comparison key of the prefix asked for; empty: all.
absl::StatusOr<std::string> PrefixKeyOf(const std::string& name) {
  if (name.empty()) return std::string();
  if (!name.starts_with(kPrefixes)) {
    return FieldInvalid("prefix", name, "it must be prefixes/{prefix}");
  }
  GUSU_ASSIGN_OR_RETURN(const std::string prefix,
                        ParsePrefix(std::string_view(name).substr(kPrefixes.size())));
  return ToKey(prefix);
}

// The first leaf committed at or after a time: revisions rise with the index.
absl::StatusOr<uint64_t> FirstLeafFrom(const storage::View& view, uint64_t time_us) {
  uint64_t begin = 0, end = view.leaf_count();
  while (begin < end) {
    const uint64_t middle = begin + (end - begin) / 2;
    GUSU_ASSIGN_OR_RETURN(const Change change, view.ReadChange(middle));
    if (change.revision < time_us) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

absl::StatusOr<Interval> FirstInterval(const storage::View& view,
                                       const v1::ListEntriesRequest& request) {
  const uint64_t count = view.leaf_count();
  for (const uint64_t index : {request.start_leaf_index(), request.end_leaf_index()}) {
    if (index <= count) continue;
    return Error(absl::StatusCode::kOutOfRange, "TREE_SIZE_UNKNOWN",
                 Concat("the log has ", count, " leaves, not ", index),
                 {{"leaf_index", std::to_string(index)}, {"leaf_count", std::to_string(count)}});
  }
  Interval interval{request.start_leaf_index(),
                    request.end_leaf_index() == 0 ? count : request.end_leaf_index()};
  if (request.has_start_time()) {
    GUSU_ASSIGN_OR_RETURN(const uint64_t time_us, TimeOf(request.start_time(), "start_time"));
    GUSU_ASSIGN_OR_RETURN(const uint64_t first, FirstLeafFrom(view, time_us));
    interval.next = std::max(interval.next, first);
  }
  if (request.has_end_time()) {
    GUSU_ASSIGN_OR_RETURN(const uint64_t time_us, TimeOf(request.end_time(), "end_time"));
    GUSU_ASSIGN_OR_RETURN(const uint64_t first, FirstLeafFrom(view, time_us));
    interval.end = std::min(interval.end, first);
  }
  return interval;
}

// A token's position is `next:end`: where a list ends was decided on its first page.
std::string PositionOf(const Interval& interval) {
  return Concat(interval.next, ':', interval.end);
}

std::optional<Interval> IntervalAt(const std::string& position, uint64_t leaf_count) {
  Interval interval;
  const size_t colon = position.find(':');
  if (colon == position.npos) return std::nullopt;
  interval.next = std::strtoull(position.c_str(), nullptr, 10);
  interval.end = std::strtoull(position.c_str() + colon + 1, nullptr, 10);
  if (PositionOf(interval) != position || interval.end > leaf_count) return std::nullopt;
  return interval;
}

PageScope ScopeOf(const v1::ListEntriesRequest& request) {
  return PageScope(
      "ListEntries",
      {std::to_string(request.start_leaf_index()), std::to_string(request.end_leaf_index()),
       request.start_time().SerializeAsString(), request.end_time().SerializeAsString(),
       request.prefix(), std::to_string(request.view())});
}

// Openings to entries, as far as a caller may see them.
class EntryMaker {
 public:
  EntryMaker(const storage::View& view, const Caller& caller, bool with_openings,
             std::string prefix_key)
      : view_(view),
        caller_(caller),
        with_openings_(with_openings),
        prefix_key_(std::move(prefix_key)) {}

  // Whether an entry was added. The opening's resource and revision are kept for the rows.
  absl::StatusOr<bool> Add(uint64_t leaf_index, const storage::Opening& opening,
                           google::protobuf::RepeatedPtrField<v1::LogEntry>* entries) {
    absl::StatusOr<Change> change = DecodeOpening(opening.bytes);
    if (!change.ok()) {
      return storage::RowCorrupt(storage::OpeningKey(leaf_index),
                                 StdView(change.status().message()));
    }
    const bool wants_opening = with_openings_ || !prefix_key_.empty();
    const bool may_open = wants_opening && MayOpen(caller_, *change, view_.directory());
    if (!prefix_key_.empty() &&
        (!may_open || ToKey(PrefixOfResource(change->resource)) != prefix_key_)) {
      return false;
    }
    v1::LogEntry* entry = entries->Add();
    entry->set_leaf_index(leaf_index);
    entry->set_leaf(LeafBytes(change->revision, opening.salt, opening.bytes));
    if (with_openings_ && may_open) {
      entry->set_opening(opening.bytes);
      entry->set_salt(opening.salt);
    }
    bytes_ += entry->ByteSizeLong();
    changed_.push_back(
        {std::move(change->resource), change->revision, change->operation != Operation::kRead});
    return true;
  }

  // Of what was added so far.
  size_t bytes() const { return bytes_; }
  struct Changed {
    std::string resource;
    uint64_t revision;
    bool has_row;
  };
  const std::vector<Changed>& changed() const { return changed_; }

 private:
  const storage::View& view_;
  const Caller& caller_;
  const bool with_openings_;
  const std::string prefix_key_;
  size_t bytes_ = 0;
  std::vector<Changed> changed_;
};

// Rows read at once: bounds what is held to 64 of at most 192 KiB.
constexpr size_t kReadAheadRows = 64;

void FillRow(const storage::View& view, const std::string& key, const EntryMaker::Changed& changed,
             const absl::StatusOr<std::optional<storage::Row>>& current, const Caller& caller,
             v1::LogEntry* entry) {
  v1::StoredRow* message = entry->mutable_row();
  const auto found = ReadRevision(view, key, changed.revision, current);
  if (!found.ok()) {
    message->set_revision(changed.revision);
    message->set_leaf_index(entry->leaf_index());
    return FillUnreadable(key, found.status(), message);
  }
  message->set_current(found->current);
  FillStoredRow(key, found->row, true, {view, caller, absl::Now()}, message);
}

// Gives the entries the rows that their changes wrote, until they make kPageBytesMax; the entry
// that reaches it is the last one.
void AddRows(const storage::View& view, const std::vector<EntryMaker::Changed>& changed,
             const Caller& caller, google::protobuf::RepeatedPtrField<v1::LogEntry>* entries) {
  size_t bytes = 0;
  for (size_t begin = 0; begin < changed.size(); begin += kReadAheadRows) {
    const size_t end = std::min(changed.size(), begin + kReadAheadRows);
    std::vector<std::string> keys;
    for (size_t i = begin; i < end; ++i) {
      // A resource without a key has no row either: an empty key is found nowhere.
      keys.push_back(KeyOfResource(changed[i].resource).value_or(""));
    }
    const auto rows = view.MultiGet(keys);
    for (size_t i = begin; i < end; ++i) {
      v1::LogEntry* entry = entries->Mutable(static_cast<int>(i));
      if (changed[i].has_row) {
        FillRow(view, keys[i - begin], changed[i], rows[i - begin], caller, entry);
      }
      bytes += entry->ByteSizeLong();
      if (bytes < kPageBytesMax) continue;
      entries->DeleteSubrange(static_cast<int>(i) + 1, entries->size() - static_cast<int>(i) - 1);
      return;
    }
  }
}

}  // namespace

absl::Status ListEntriesOf(const storage::View& view, const v1::ListEntriesRequest& request,
                           const Caller& caller, v1::ListEntriesResponse* response) {
  GUSU_RETURN_IF_ERROR(CheckRights(request, caller));
  GUSU_ASSIGN_OR_RETURN(std::string prefix_key, PrefixKeyOf(request.prefix()));
  const PageScope scope = ScopeOf(request);
  GUSU_ASSIGN_OR_RETURN(const std::string position, scope.Read(request.page_token()));
  Interval interval;
  if (position.empty()) {
    GUSU_ASSIGN_OR_RETURN(interval, FirstInterval(view, request));
  } else if (const auto read = IntervalAt(position, view.leaf_count())) {
    interval = *read;
  } else {
    return PageTokenInvalid();
  }

  const size_t page_size = PageSize(request.page_size());
  EntryMaker maker(view, caller, request.view() != v1::LEAF, std::move(prefix_key));
  auto* entries = response->mutable_entries();
  entries->Reserve(static_cast<int>(page_size));
  absl::Status status;
  const uint64_t looked_at_end =
      interval.end - std::min<uint64_t>(interval.end, interval.next) > kPageRowsMax
          ? interval.next + kPageRowsMax
          : interval.end;
  GUSU_RETURN_IF_ERROR(view.ScanOpenings(
      interval.next, looked_at_end, [&](uint64_t leaf_index, const storage::Opening& opening) {
        const absl::StatusOr<bool> added = maker.Add(leaf_index, opening, entries);
        if (!added.ok()) {
          status = added.status();
          return false;
        }
        interval.next = leaf_index + 1;
        return static_cast<size_t>(entries->size()) < page_size && maker.bytes() < kPageBytesMax;
      }));
  GUSU_RETURN_IF_ERROR(status);
  if (request.view() == v1::CONTENT) {
    const int added = entries->size();
    AddRows(view, maker.changed(), caller, entries);
    if (entries->size() < added) {
      interval.next = entries->Get(entries->size() - 1).leaf_index() + 1;
    }
  }
  response->set_tree_size(view.leaf_count());
  if (interval.next < interval.end)
    response->set_next_page_token(scope.Token(PositionOf(interval)));
  return absl::OkStatus();
}

absl::Status AddEntries(const storage::View& view, uint64_t begin, uint64_t end, bool with_openings,
                        const Caller& caller,
                        google::protobuf::RepeatedPtrField<v1::LogEntry>* entries) {
  EntryMaker maker(view, caller, with_openings, "");
  absl::Status status;
  GUSU_RETURN_IF_ERROR(
      view.ScanOpenings(begin, end, [&](uint64_t leaf_index, const storage::Opening& opening) {
        status = maker.Add(leaf_index, opening, entries).status();
        return status.ok() && maker.bytes() < kPageBytesMax;
      }));
  return status;
}

}  // namespace gusu::server
