#include "server/audit/row_listing.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "google/rpc/status.pb.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/audit.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/audit/resource_keys.h"
#include "server/audit/stored_parts.h"
#include "server/page_token.h"
#include "server/resource_fields.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

// In the order of the list.
constexpr char kTables[] = {
    storage::kSettingsTable,      storage::kRegistrantTable,  storage::kOrganizationCodeTable,
    storage::kPrefixTable,        storage::kCredentialTable,  storage::kTemplateTable,
    storage::kGrantTable,         storage::kGroupTable,       storage::kRecordTable,
    storage::kRangePatternsTable, storage::kSerialRangeTable, storage::kTransferTable,
    storage::kPrefixCountersTable};

// After a row's key in history: 0x00 and its revision.
constexpr size_t kHistoryEndBytes = 9;

// The keys that begin with `beginning`; rows of a table, or its history.
struct Segment {
  std::string beginning;
  bool is_history = false;
};

absl::StatusOr<std::vector<Segment>> SegmentsOf(const v1::ListRowsRequest& request) {
  std::vector<Segment> segments, history;
  for (const char table : kTables) {
    const std::string beginning(1, table);
    if (!request.table().empty() && request.table() != TableName(beginning)) continue;
    segments.push_back({beginning, false});
    if (table != storage::kPrefixCountersTable) {
      history.push_back({Concat(storage::kHistoryTable, beginning), true});
    }
  }
  if (segments.empty()) {
    return FieldInvalid("table", request.table(),
                        "registry, registrants, organization_codes, prefixes, credentials, "
                        "templates, grants, groups, records, range_patterns, serial_ranges, "
                        "transfers or counters");
  }
  if (request.include_history()) segments.insert(segments.end(), history.begin(), history.end());
  return segments;
}

void FillCounters(const storage::View& view, std::string_view key, std::string_view value,
                  v1::StoredRow* message) {
  storage::v1::PrefixCountersRow counters;
  if (!counters.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return FillUnreadable(key, storage::RowCorrupt(key, "not a PrefixCountersRow"), message);
  }
  const std::string_view prefix_key = key.substr(1);
  const auto* prefix = view.directory().FindPrefix(prefix_key);
  message->set_table(std::string(TableName(key)));
  message->set_resource(
      Concat("prefixes/", prefix == nullptr ? prefix_key : prefix->row->prefix()));
  message->set_current(true);
  message->set_sequence(counters.sequence());
  message->set_record_count(counters.record_count());
  message->set_range_code_count(counters.range_code_count());
}

// The revision that a key of history ends in.
uint64_t RevisionIn(std::string_view key) {
  uint64_t inverted = 0;
  for (const char byte : key.substr(key.size() - sizeof(inverted))) {
    inverted = inverted << 8 | static_cast<unsigned char>(byte);
  }
  return ~inverted;
}

class RowLister {
 public:
  RowLister(const storage::View& view, const v1::ListRowsRequest& request, const Caller& caller,
            v1::ListRowsResponse* response)
      : view_(view),
        caller_(caller),
        with_parts_(request.view() == v1::CONTENT),
        page_size_(PageSize(request.page_size())),
        response_(response) {}

  bool is_full() const {
    return static_cast<size_t>(response_->rows_size()) >= page_size_ || bytes_ >= kPageBytesMax;
  }

  void Add(const Segment& segment, std::string_view at, std::string_view value) {
    v1::StoredRow* message = response_->add_rows();
    Fill(segment, at, value, message);
    bytes_ += message->ByteSizeLong();
  }

 private:
  void Fill(const Segment& segment, std::string_view at, std::string_view value,
            v1::StoredRow* message) {
    if (at.front() == storage::kPrefixCountersTable) return FillCounters(view_, at, value, message);
    std::string_view key = at;
    if (segment.is_history) {
      if (at.size() <= 1 + kHistoryEndBytes) {
        *message->mutable_error() = ToRpcStatus(storage::RowCorrupt(at, "no key of history"));
        return;
      }
      key = at.substr(1, at.size() - 1 - kHistoryEndBytes);
    }
    const absl::StatusOr<storage::Row> row = storage::DecodeRow(value);
    if (!row.ok()) {
      return FillUnreadable(key, storage::RowCorrupt(at, StdView(row.status().message())), message);
    }
    message->set_current(!segment.is_history);
    FillStoredRow(key, *row, with_parts_, {view_, caller_, absl::Now()}, message);
    if (segment.is_history && row->revision != RevisionIn(at)) {
      *message->mutable_error() = ToRpcStatus(storage::RowCorrupt(
          at, Concat("it stands at revision ", RevisionIn(at), " and says ", row->revision)));
    }
  }

  const storage::View& view_;
  const Caller& caller_;
  const bool with_parts_;
  const size_t page_size_;
  v1::ListRowsResponse* response_;
  size_t bytes_ = 0;
};

}  // namespace

// A token's position is the number of the segment (one byte) and the last key.
absl::Status ListRowsOf(const storage::View& view, const v1::ListRowsRequest& request,
                        const Caller& caller, v1::ListRowsResponse* response) {
  if (request.view() != v1::ENTRY_VIEW_UNSPECIFIED && request.view() != v1::CONTENT) {
    return FieldInvalid("view", std::to_string(request.view()), "CONTENT, or none");
  }
  GUSU_ASSIGN_OR_RETURN(const std::vector<Segment> segments, SegmentsOf(request));
  const PageScope scope("ListRows",
                        {request.table(), request.include_history() ? "history" : "current",
                         std::to_string(request.view())});
  GUSU_ASSIGN_OR_RETURN(const std::string position, scope.Read(request.page_token()));
  size_t at = 0;
  std::string last;
  if (!position.empty()) {
    at = static_cast<unsigned char>(position[0]);
    last = position.substr(1);
  }
  RowLister lister(view, request, caller, response);
  for (; at < segments.size(); ++at) {
    const Segment& segment = segments[at];
    bool more = false;
    const std::string begin = last.empty() ? segment.beginning : last + '\0';
    const absl::Status scanned = view.ScanStored(begin, storage::AfterBeginning(segment.beginning),
                                                 [&](std::string_view key, std::string_view value) {
                                                   more = lister.is_full();
                                                   if (more) return false;
                                                   lister.Add(segment, key, value);
                                                   last = key;
                                                   return true;
                                                 });
    if (more) {
      response->set_next_page_token(scope.Token(Concat(static_cast<char>(at), last)));
      return absl::OkStatus();
    }
    if (!scanned.ok()) {
      if (!absl::IsDataLoss(scanned)) return scanned;
      FillUnreadable(segment.is_history ? segment.beginning.substr(1) : segment.beginning, scanned,
                     response->add_rows());
      return absl::OkStatus();
    }
    last.clear();
  }
  return absl::OkStatus();
}

}  // namespace gusu::server
