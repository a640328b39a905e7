#include "storage/group.h"

#include <algorithm>
#include <iterator>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/keys.h"
#include "storage/row.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {
namespace {

// Puts field 1, the identifier, into a serialised RecordRow that has none.
void AppendIdentifier(std::string& payload, std::string_view identifier) {
  payload += '\x0A';
  for (size_t length = identifier.size();; length >>= 7) {
    if (length < 0x80) {
      payload += static_cast<char>(length);
      break;
    }
    payload += static_cast<char>(length | 0x80);
  }
  payload += identifier;
}

absl::Status SuffixRefused(const MintRequest& mint, std::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "SUFFIX_REFUSED",
               Concat("pattern ", Quote(mint.pattern.text()), " below ", mint.prefix, ": ", why),
               {{"pattern", mint.pattern.text()}, {"prefix", mint.prefix}});
}

bool KeyIsLess(const Batch::Write& a, const Batch::Write& b) { return a.key < b.key; }

// The row and its history must fit an engine, or the whole group would fail.
absl::Status CheckSize(std::string_view key, std::string_view payload) {
  if (!key.empty() && key.size() <= kKeyBytesMax - 16 &&
      payload.size() <= kValueBytesMax - kRowHeaderBytes) {
    return absl::OkStatus();
  }
  return Error(
      absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
      Concat("a row has a key of ", key.size(), " and a payload of ", payload.size(), " bytes"),
      {{"key_bytes", std::to_string(key.size())}, {"bytes", std::to_string(payload.size())}});
}

// Whether these are the row that is to be rewritten.
absl::StatusOr<bool> IsRowOf(const RowRewrite& rewrite, std::string_view key,
                             std::string_view bytes) {
  const auto header = DecodeRowHeader(bytes);
  if (!header.ok()) return RowCorrupt(key, "not a row");
  return header->revision == rewrite.revision && header->leaf_index == rewrite.leaf_index;
}

// Records, and codes of serial ranges.
uint64_t CodesAdded(const std::vector<Change>& changes, size_t first, std::string_view prefix_key) {
  uint64_t added = 0;
  for (size_t i = first; i < changes.size(); ++i) {
    if (changes[i].prefix_key != prefix_key) continue;
    added += changes[i].adds_range_codes + (changes[i].adds_record ? 1 : 0);
  }
  return added;
}

}  // namespace

Group::Group(const StoreState& from, uint64_t now_us)
    : from_(from),
      now_us_(now_us),
      rows_(*from.snapshot),
      head_(from.head),
      day_counts_(*from.directory) {}

bool Group::has_writes() const {
  if (change_count() > 0) return true;
  // A pattern that went on over taken codes is remembered, though its set was refused.
  return std::any_of(mints_.begin(), mints_.end(),
                     [](const auto& mint) { return mint.second.changed; });
}

// ---- deciding

Group::CheckOutcome Group::Check(const std::vector<Precondition>& preconditions,
                                 const ChangeSet& set, size_t first_change) {
  for (size_t i = 0; i < preconditions.size(); ++i) {
    const Precondition& precondition = preconditions[i];
    std::string key = precondition.key;
    bool holds = false;
    switch (precondition.kind) {
      case Precondition::Kind::kAbsent: {
        GUSU_ASSIGN_OR_RETURN(const auto revision, RevisionAt(key));
        holds = !revision.has_value();
        break;
      }
      case Precondition::Kind::kRevision: {
        GUSU_ASSIGN_OR_RETURN(const auto revision, RevisionAt(key));
        holds = revision == precondition.revision;
        break;
      }
      case Precondition::Kind::kEmptyInterval: {
        GUSU_ASSIGN_OR_RETURN(const auto first, rows_.FirstIn(key, precondition.end));
        holds = !first.has_value();
        if (!holds) key = *first;
        break;
      }
      case Precondition::Kind::kQuota: {
        GUSU_ASSIGN_OR_RETURN(holds, QuotaHolds(precondition, set, first_change));
        break;
      }
    }
    if (holds) continue;
    Refused refused;
    refused.precondition_index = i;
    if (precondition.kind != Precondition::Kind::kQuota) {
      GUSU_ASSIGN_OR_RETURN(refused.row, RowAt(key));
    }
    return std::optional<Refused>(std::move(refused));
  }
  return std::optional<Refused>();
}

absl::StatusOr<bool> Group::QuotaHolds(const Precondition& precondition, const ChangeSet& set,
                                       size_t first_change) {
  GUSU_ASSIGN_OR_RETURN(const Counters* counters, CountersOf(precondition.key));
  // The changes before the first one are counted already.
  const uint64_t added = CodesAdded(set.changes, first_change, precondition.key);
  return counters->record_count + counters->range_code_count + added <= precondition.limit;
}

// ---- writing

AppendOutcome Group::Add(ChangeSet& set) {
  if (set.request.has_value()) {
    GUSU_ASSIGN_OR_RETURN(std::optional<Appended> repeated, Repeated(set));
    if (repeated.has_value()) return *std::move(repeated);
  }
  const Mark mark = TakeMark();
  AppendOutcome outcome = AddChanges(set);
  if (!outcome.ok() || std::holds_alternative<Refused>(*outcome)) Rollback(mark);
  return outcome;
}

AppendOutcome Group::AddChanges(ChangeSet& set) {
  const size_t bytes_before = bytes_;
  GUSU_ASSIGN_OR_RETURN(std::optional<Refused> refused, Check(set.preconditions, set, 0));
  if (refused.has_value()) return *std::move(refused);

  Appended appended;
  appended.first = {head_.leaf_count, std::max(now_us_, head_.last_revision + 1)};
  appended.change_count = set.changes.size();
  appended.identifiers.resize(set.changes.size());
  std::string request_key;
  if (set.request.has_value()) request_key = RequestKey(set.request->scope, set.request->id);
  size_t tries_left = set.changes.size() + kMintTriesMax;

  for (size_t i = 0; i < set.changes.size(); ++i) {
    Change& change = set.changes[i];
    GUSU_ASSIGN_OR_RETURN(refused, Check(change.preconditions, set, i));
    if (refused.has_value()) {
      refused->change_index = i;
      return *std::move(refused);
    }
    if (change.mint.has_value()) {
      GUSU_ASSIGN_OR_RETURN(appended.identifiers[i], AssignCode(change, tries_left));
    }
    // The first leaf of a set is where the sweep finds its request.
    GUSU_RETURN_IF_ERROR(Apply(change, i == 0 ? std::string_view(request_key) : ""));
  }
  if (set.request.has_value()) {
    v1::RequestRow row;
    row.set_digest(std::string(AsBytes(set.request->digest)));
    row.set_first_leaf_index(appended.first.leaf_index);
    row.set_first_revision(appended.first.revision);
    row.set_change_count(static_cast<uint32_t>(appended.change_count));
    bytes_ += request_key.size() + 64;
    rows_.Put(request_key, row.SerializeAsString());
  }
  if (bytes_ - bytes_before > kSetBytesMax) {
    return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
                 Concat("the changes write ", bytes_ - bytes_before, " bytes at once, more than ",
                        kSetBytesMax),
                 {{"bytes", std::to_string(bytes_ - bytes_before)},
                  {"bytes_max", std::to_string(kSetBytesMax)}});
  }
  for (size_t i = 0; i < set.changes.size(); ++i) {
    if (set.changes[i].mint.has_value()) {
      minted_.emplace(appended.first.leaf_index + i, appended.identifiers[i]);
    }
  }
  return appended;
}

absl::StatusOr<std::string> Group::AssignCode(Change& change, size_t& tries_left) {
  const MintRequest& request = *change.mint;
  GUSU_ASSIGN_OR_RETURN(Mint * mint, MintOf(ToKey(request.prefix), request.pattern.text()));
  mints_undo_.emplace_back(mint, *mint);
  for (; tries_left > 0; --tries_left) {
    if (!request.pattern.is_random() && mint->next_serial > request.serial_max) {
      return SuffixRefused(request, Concat("the prefix takes no code of serial ", mint->next_serial,
                                           ", which is the next"));
    }
    const auto suffix = request.pattern.is_random() ? request.pattern.ExpandRandom()
                                                    : request.pattern.Expand(mint->next_serial);
    if (!suffix.ok()) return SuffixRefused(request, StdView(suffix.status().message()));
    const auto identifier = Identifier::Parse(Concat(request.prefix, "/", *suffix));
    if (!identifier.ok()) return SuffixRefused(request, StdView(identifier.status().message()));
    if (!request.pattern.is_random()) {
      ++mint->next_serial;
      mint->changed = true;
    }
    std::string key = RecordKey(identifier->key());
    GUSU_ASSIGN_OR_RETURN(const std::string* taken, rows_.Find(key));
    if (taken != nullptr) {
      ++taken_codes_;
      continue;
    }
    --tries_left;
    change.resource = identifier->name();
    change.rows.at(0).key = std::move(key);
    AppendIdentifier(change.rows[0].payload, identifier->written());
    return identifier->written();
  }
  // The row goes on from here, or else the repeat would meet the same codes.
  mints_undo_.clear();
  return SuffixRefused(request, Concat("its next ", kMintTriesMax,
                                       " codes are taken; repeat the request to go on after them"));
}

absl::Status Group::Apply(Change& change, std::string_view request_key) {
  change.revision = std::max(now_us_, head_.last_revision + 1);
  if (!change.prefix_key.empty()) {
    GUSU_ASSIGN_OR_RETURN(Counters * counters, CountersOf(change.prefix_key));
    counters_undo_.emplace_back(counters, *counters);
    change.sequence = ++counters->sequence;
    counters->record_count += change.adds_record ? 1 : 0;
    counters->range_code_count += change.adds_range_codes;
    counters->changed = true;
    if (!change.counts.empty()) {
      GUSU_RETURN_IF_ERROR(day_counts_.Add(change, rows_));
    }
  }
  if (!change.rows.empty()) {
    GUSU_ASSIGN_OR_RETURN(const std::string* before, rows_.Find(change.rows[0].key));
    if (before != nullptr) {
      const auto header = DecodeRowHeader(*before);
      if (!header.ok()) return RowCorrupt(change.rows[0].key, "not a row");
      change.previous_leaf_count = header->leaf_index + 1;
    }
  }
  head_.last_revision = change.revision;
  for (const RowPut& put : change.rows) GUSU_RETURN_IF_ERROR(PutRow(put));
  for (const RowRewrite& rewrite : change.rewrites) GUSU_RETURN_IF_ERROR(RewriteRow(rewrite));
  GUSU_RETURN_IF_ERROR(PutIndexes(change));

  v1::OpeningRow row;
  *row.mutable_opening() = EncodeOpening(change);
  if (row.opening().size() > kOpeningBytesMax) {
    return Error(absl::StatusCode::kInvalidArgument, "OPENING_TOO_LARGE",
                 Concat("the audit entry of ", Quote(change.resource), " would have ",
                        row.opening().size(), " bytes, more than ", kOpeningBytesMax),
                 {{"bytes", std::to_string(row.opening().size())},
                  {"bytes_max", std::to_string(kOpeningBytesMax)}});
  }
  row.set_salt(salts_.substr(salts_used_, kSaltBytes));
  salts_used_ += kSaltBytes;
  row.set_request_key(std::string(request_key));
  leaf_hashes_.push_back(AuditTree::HashOf(change.revision, row.salt(), row.opening()));
  openings_.push_back({OpeningKey(head_.leaf_count), row.SerializeAsString()});
  bytes_ += openings_.back().key.size() + openings_.back().value->size();
  ++head_.leaf_count;
  return absl::OkStatus();
}

absl::Status Group::PutIndexes(const Change& change) {
  std::string_view minted;
  const std::string_view row_key = change.rows.empty() ? "" : std::string_view(change.rows[0].key);
  const std::string beginning = RecordKey(Concat(change.prefix_key, "/"));
  if (row_key.substr(0, beginning.size()) == beginning) {
    const std::string_view suffix_key = row_key.substr(beginning.size());
    if (change.mint.has_value()) minted = suffix_key;
    const std::string key = ChangeTimesKey(change.prefix_key, change.revision, suffix_key);
    bytes_ += key.size() + 1;
    rows_.PutUnread(key, change.adds_record ? "+" : "");
  }
  const auto put = [&](const IndexEntry& entry, std::optional<std::string> value) -> absl::Status {
    const std::string key =
        Concat(entry.beginning, entry.name.empty() ? minted : std::string_view(entry.name));
    GUSU_RETURN_IF_ERROR(CheckSize(key, ""));
    bytes_ += key.size();
    rows_.PutUnread(key, std::move(value));
    return absl::OkStatus();
  };
  for (const IndexEntry& entry : change.index_removes) {
    GUSU_RETURN_IF_ERROR(put(entry, std::nullopt));
  }
  for (const IndexEntry& entry : change.index_adds) GUSU_RETURN_IF_ERROR(put(entry, ""));
  return absl::OkStatus();
}

absl::Status Group::PutRow(const RowPut& put) {
  GUSU_RETURN_IF_ERROR(CheckSize(put.key, put.payload));
  GUSU_ASSIGN_OR_RETURN(const std::string* before, rows_.Find(put.key));
  if (before != nullptr) {
    const auto header = DecodeRowHeader(*before);
    if (!header.ok()) return RowCorrupt(put.key, "not a row");
    // A change that puts the same row twice replaces its own first put.
    if (header->revision < head_.last_revision) {
      history_.push_back({HistoryKey(put.key, header->revision), *before});
      bytes_ += history_.back().key.size() + before->size();
    }
  }
  std::string bytes = EncodeRow(head_.last_revision, head_.leaf_count, put.payload);
  bytes_ += put.key.size() + bytes.size();
  rows_.Put(put.key, std::move(bytes));
  return absl::OkStatus();
}

absl::Status Group::RewriteRow(const RowRewrite& rewrite) {
  GUSU_RETURN_IF_ERROR(CheckSize(rewrite.key, rewrite.payload));
  GUSU_ASSIGN_OR_RETURN(const std::string key, PlaceOf(rewrite));
  std::string bytes = EncodeRow(rewrite.revision, rewrite.leaf_index, rewrite.payload);
  bytes_ += key.size() + bytes.size();
  rewrites_ = true;
  // Also when this group moved the row to history: MoveTo leaves that one out.
  rows_.Put(key, std::move(bytes));
  return absl::OkStatus();
}

// The key at which the row stands now.
absl::StatusOr<std::string> Group::PlaceOf(const RowRewrite& rewrite) {
  GUSU_ASSIGN_OR_RETURN(const std::string* current, rows_.Find(rewrite.key));
  if (current != nullptr) {
    GUSU_ASSIGN_OR_RETURN(const bool is_current, IsRowOf(rewrite, rewrite.key, *current));
    if (is_current) return rewrite.key;
  }
  std::string key = HistoryKey(rewrite.key, rewrite.revision);
  GUSU_ASSIGN_OR_RETURN(const std::string* before, rows_.Find(key));
  if (before == nullptr) {
    // Moved by this group, most likely last.
    const auto moved = std::find_if(history_.rbegin(), history_.rend(),
                                    [&key](const Batch::Write& move) { return move.key == key; });
    if (moved != history_.rend()) before = &*moved->value;
  }
  if (before != nullptr) {
    GUSU_ASSIGN_OR_RETURN(const bool is_there, IsRowOf(rewrite, key, *before));
    if (is_there) return key;
  }
  return RowCorrupt(key, Concat("there is no row of revision ", rewrite.revision, " and leaf ",
                                rewrite.leaf_index, " to be rewritten"));
}

Group::Mark Group::TakeMark() {
  rows_.Mark();
  counters_undo_.clear();
  mints_undo_.clear();
  return Mark{head_, openings_.size(), history_.size(), bytes_, salts_used_, day_counts_.mark()};
}

void Group::Rollback(const Mark& mark) {
  rows_.Rollback();
  for (auto undo = counters_undo_.rbegin(); undo != counters_undo_.rend(); ++undo) {
    *undo->first = undo->second;
  }
  for (auto undo = mints_undo_.rbegin(); undo != mints_undo_.rend(); ++undo) {
    *undo->first = undo->second;
  }
  head_ = mark.head;
  openings_.resize(mark.openings);
  leaf_hashes_.resize(mark.openings);
  history_.resize(mark.history);
  bytes_ = mark.bytes;
  salts_used_ = mark.salts;
  day_counts_.Rollback(mark.day_counts);
}

absl::StatusOr<std::shared_ptr<const Directory>> Group::NewDirectory() const {
  std::vector<Directory::Replacement> replacements;
  absl::Status status;
  rows_.ForEachPut([&](std::string_view key, std::string_view bytes) {
    if (!Directory::Holds(key)) return;
    auto row = DecodeRow(bytes);
    if (row.ok()) {
      replacements.push_back({std::string(key), *std::move(row)});
    } else {
      status = std::move(row).status();
    }
  });
  GUSU_RETURN_IF_ERROR(status);
  if (replacements.empty()) return from_.directory;
  return from_.directory->With(replacements);
}

std::shared_ptr<const AuditTree> Group::MoveTo(Batch& batch) {
  for (const auto& [key, counters] : counters_) {
    if (!counters.changed) continue;
    v1::PrefixCountersRow row;
    row.set_sequence(counters.sequence);
    row.set_record_count(counters.record_count);
    row.set_range_code_count(counters.range_code_count);
    batch.Put(key, row.SerializeAsString());
  }
  for (const auto& [key, mint] : mints_) {
    if (!mint.changed) continue;
    v1::MintRow row;
    row.set_next_serial(mint.next_serial);
    batch.Put(key, row.SerializeAsString());
  }
  day_counts_.MoveTo(batch);
  std::sort(history_.begin(), history_.end(), KeyIsLess);
  std::vector<Batch::Write> puts = std::move(rows_).TakeWrites();
  // What was moved to history and rewritten there is to be written nowhere as it was.
  if (rewrites_) {
    history_.erase(std::remove_if(history_.begin(), history_.end(),
                                  [&puts](const Batch::Write& moved) {
                                    return std::binary_search(puts.begin(), puts.end(), moved,
                                                              KeyIsLess);
                                  }),
                   history_.end());
  }
  batch.writes.reserve(batch.writes.size() + openings_.size() + history_.size() + puts.size() + 1);
  for (std::vector<Batch::Write>* writes : {&openings_, &history_, &puts}) {
    std::move(writes->begin(), writes->end(), std::back_inserter(batch.writes));
  }
  return GrowTree(batch);
}

std::shared_ptr<const AuditTree> Group::GrowTree(Batch& batch) {
  if (leaf_hashes_.empty()) return from_.audit_tree;
  auto tree = std::make_shared<AuditTree>(*from_.audit_tree);
  for (const Hash& leaf_hash : leaf_hashes_) tree->Append(leaf_hash, batch.writes);
  head_.root = tree->head().root;
  return tree;
}

}  // namespace gusu::storage
