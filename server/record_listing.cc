#include "server/record_listing.h"

#include <algorithm>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/record_requests.pb.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/page_token.h"
#include "server/readable_record.h"
#include "server/record_index.h"
#include "server/stored_record.h"

namespace gusu::server {
namespace {

// Positions in a list over all prefixes begin with what is being listed.
constexpr char kNamed = 'n';   // and a key: records that name the party
constexpr char kHeld = 'h';    // and prefix, 0x00, key: records below a prefix that it holds
constexpr char kBeyond = 'b';  // and prefix: the prefixes after this one

std::string PositionBelow(std::string_view prefix_key) {
  std::string position(1, kHeld);
  position += prefix_key;
  return position += '\0';
}

// Whether the entry is the first of those that lead to this record.
bool IsFirstTerm(const RecordSource& source, const RecordCandidate& candidate,
                 const storage::v1::RecordRow& row, const ReadRight& right) {
  if (source.beginning == nullptr) return true;
  std::string first;
  for (const storage::v1::ValueRow& value : row.values()) {
    if (value.type() != source.beginning->type || value.is_digest() || !right.Covers(value) ||
        !source.beginning->Matches(value.data())) {
      continue;
    }
    std::string term =
        storage::IndexBeginning(source.prefix_key, ValueTerm(value.type(), value.data()));
    if (first.empty() || term < first) first = std::move(term);
  }
  return first == candidate.term;
}

}  // namespace

RecordListing::RecordListing(const storage::View& view, const Caller& caller,
                             const RecordFilter& filter, std::string_view prefix_key,
                             absl::Time now)
    : view_(view), caller_(caller), filter_(filter), prefix_key_(prefix_key), now_(now) {}

absl::Status RecordListing::Run(std::string_view position, size_t page_size,
                                v1::ListRecordsResponse* response) {
  response_ = response;
  page_size_ = page_size;
  return prefix_key_.empty() ? RunAll(position) : RunPrefix(position);
}

bool RecordListing::IsFull() const {
  return static_cast<size_t>(response_->records_size()) >= page_size_ ||
         looked_at_ >= kPageRowsMax || bytes_ >= kPageBytesMax;
}

absl::Status RecordListing::RunPrefix(std::string_view after) {
  return RunSource(SourceFor(filter_, prefix_key_, PrefixHolder(view_.directory(), prefix_key_)),
                   "", after);
}

// First the records that name the registrant, in any prefix; then, below each prefix that it holds,
// those that name nobody.
absl::Status RecordListing::RunAll(std::string_view position) {
  const char kind = position.empty() ? kNamed : position.front();
  std::string_view rest = position.empty() ? position : position.substr(1);
  switch (kind) {
    case kNamed:
      GUSU_RETURN_IF_ERROR(RunSource(PartySource(filter_), std::string(1, kNamed), rest));
      return next_.empty() ? RunHeldPrefixes("") : absl::OkStatus();
    case kHeld: {
      const size_t end = rest.find('\0');
      if (end == rest.npos) return PageTokenInvalid();
      const std::string prefix_key(rest.substr(0, end));
      // A prefix that has passed on since the page before is none of the party's any more.
      if (PrefixHolder(view_.directory(), prefix_key) != Party())
        return RunHeldPrefixes(prefix_key);
      GUSU_RETURN_IF_ERROR(RunHeld(prefix_key, rest.substr(end + 1)));
      return next_.empty() ? RunHeldPrefixes(prefix_key) : absl::OkStatus();
    }
    case kBeyond:
      return RunHeldPrefixes(std::string(rest));
    default:
      return PageTokenInvalid();
  }
}

absl::Status RecordListing::RunHeld(const std::string& prefix_key, std::string_view after) {
  return RunSource(SourceFor(filter_, prefix_key, PrefixHolder(view_.directory(), prefix_key)),
                   PositionBelow(prefix_key), after);
}

absl::Status RecordListing::RunHeldPrefixes(std::string after) {
  const std::string beginning = storage::PrefixKey("");
  const std::string end = storage::AfterBeginning(beginning);
  for (;;) {
    std::string held;
    bool more = false;
    const std::string begin = after.empty() ? beginning : storage::PrefixKey(after) + '\0';
    GUSU_RETURN_IF_ERROR(view_.ScanStored(begin, end, [&](std::string_view key, std::string_view) {
      more = IsFull();
      if (more) return false;
      ++looked_at_;
      after = std::string(key.substr(beginning.size()));
      if (PrefixHolder(view_.directory(), after) == Party()) held = after;
      return held.empty();
    }));
    if (more) next_ = kBeyond + after;
    if (held.empty()) return absl::OkStatus();
    GUSU_RETURN_IF_ERROR(RunHeld(held, ""));
    if (!next_.empty()) return absl::OkStatus();
  }
}

absl::Status RecordListing::RunSource(const RecordSource& source,
                                      const std::string& position_beginning,
                                      std::string_view after) {
  std::string last(after);
  if (!last.empty() && (last < source.begin || last >= source.end)) return PageTokenInvalid();
  for (;;) {
    const size_t wanted =
        std::min(page_size_ - static_cast<size_t>(response_->records_size()), kReadTogetherMax);
    std::vector<RecordCandidate> candidates;
    size_t bytes = 0;
    bool more = false;
    GUSU_RETURN_IF_ERROR(ScanSource(view_, source, last, [&](RecordCandidate candidate) {
      more = candidates.size() == wanted || bytes >= kPageBytesMax || IsFull();
      if (more) return false;
      ++looked_at_;
      last = candidate.key;
      if (candidate.row.has_value()) bytes += candidate.row->payload.size();
      if (!candidate.identifier_key.empty()) candidates.push_back(std::move(candidate));
      return true;
    }));
    GUSU_RETURN_IF_ERROR(ReadRows(&candidates));
    for (size_t i = 0; i < candidates.size(); ++i) {
      GUSU_RETURN_IF_ERROR(Take(source, candidates[i]));
      if (bytes_ >= kPageBytesMax && i + 1 < candidates.size()) {
        last = candidates[i].key;
        more = true;
        break;
      }
    }
    if (!more) return absl::OkStatus();
    if (IsFull()) {
      next_ = position_beginning + last;
      return absl::OkStatus();
    }
  }
}

// The rows that the candidates lead to, of those that did not come with theirs.
absl::Status RecordListing::ReadRows(std::vector<RecordCandidate>* candidates) const {
  std::vector<std::string> keys;
  std::vector<RecordCandidate*> asked;
  for (RecordCandidate& candidate : *candidates) {
    if (candidate.row.has_value()) continue;
    keys.push_back(storage::RecordKey(candidate.identifier_key));
    asked.push_back(&candidate);
  }
  if (keys.empty()) return absl::OkStatus();
  auto rows = view_.MultiGet(keys);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].ok()) return rows[i].status();
    if (rows[i]->has_value()) asked[i]->row = **std::move(rows[i]);
  }
  return absl::OkStatus();
}

absl::Status RecordListing::Take(const RecordSource& source, const RecordCandidate& candidate) {
  if (!candidate.row.has_value()) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(StoredRecord record,
                        DecodeRecord(*candidate.row, candidate.identifier_key));
  if (source.kind == RecordSource::Kind::kChanged && record.revision != candidate.revision) {
    return absl::OkStatus();
  }
  if (prefix_key_.empty() && source.kind != RecordSource::Kind::kParty && NamesParty(*record.row)) {
    return absl::OkStatus();
  }
  const ReadRight right(view_.directory(), caller_, *record.row, candidate.identifier_key, now_);
  if (filter_.as_of.has_value() && record.revision > *filter_.as_of) {
    looked_at_ += kPastReadKeys;
    GUSU_ASSIGN_OR_RETURN(auto then, ReadRecord(view_, candidate.identifier_key, *filter_.as_of));
    if (!then.has_value()) return absl::OkStatus();
    record = *std::move(then);
  }
  GUSU_ASSIGN_OR_RETURN(const std::string* holder, HolderOf(PrefixKeyIn(candidate.identifier_key)));
  if (!filter_.Wants(*record.row, record.revision, *holder, right) ||
      !IsFirstTerm(source, candidate, *record.row, right)) {
    return absl::OkStatus();
  }
  v1::Record* shown = response_->add_records();
  FillReadable(record, *holder, right, shown);
  bytes_ += shown->ByteSizeLong();
  return absl::OkStatus();
}

// Of the time that the list is of.
absl::StatusOr<const std::string*> RecordListing::HolderOf(std::string_view prefix_key) {
  if (prefix_key != prefix_holder_of_) {
    GUSU_ASSIGN_OR_RETURN(
        prefix_holder_,
        PrefixHolderAsOf(view_, prefix_key, filter_.as_of.value_or(view_.last_revision())));
    prefix_holder_of_ = std::string(prefix_key);
  }
  return &prefix_holder_;
}

bool RecordListing::NamesParty(const storage::v1::RecordRow& row) const {
  return filter_.owner.empty() ? !row.custodian().empty() : !row.owner().empty();
}

}  // namespace gusu::server
