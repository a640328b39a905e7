// What a group reads: rows of the sets to come, counters, and what earlier requests came to.
#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/group.h"
#include "storage/keys.h"
#include "storage/row.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {
namespace {

// Parses a message that stands without a row header; the default one when there is none.
template <typename Message>
absl::StatusOr<Message> ParseOrDefault(std::string_view key, const std::string* bytes) {
  Message message;
  if (bytes != nullptr && !message.ParseFromString(*bytes)) {
    return RowCorrupt(key, Concat("not a ", Message::descriptor()->name()));
  }
  return message;
}

}  // namespace

void Group::Need(const std::vector<Precondition>& preconditions,
                 std::vector<std::string>& keys) const {
  for (const Precondition& precondition : preconditions) {
    if (precondition.kind == Precondition::Kind::kQuota) {
      keys.push_back(PrefixCountersKey(precondition.key));
    } else if (precondition.kind != Precondition::Kind::kEmptyInterval &&
               !Directory::Holds(precondition.key)) {
      keys.push_back(precondition.key);
    }
  }
}

void Group::Load(absl::Span<ChangeSet* const> sets) {
  std::vector<std::string> keys;
  std::string_view last_prefix_key;
  size_t changes = 0;
  for (const ChangeSet* set : sets) {
    if (set->request.has_value()) {
      keys.push_back(RequestKey(set->request->scope, set->request->id));
    }
    Need(set->preconditions, keys);
    for (const Change& change : set->changes) {
      Need(change.preconditions, keys);
      for (const RowPut& put : change.rows) {
        if (!put.key.empty()) keys.push_back(put.key);
      }
      for (const RowRewrite& rewrite : change.rewrites) {
        keys.push_back(rewrite.key);
        keys.push_back(HistoryKey(rewrite.key, rewrite.revision));
      }
      if (change.prefix_key != last_prefix_key) {
        last_prefix_key = change.prefix_key;
        keys.push_back(PrefixCountersKey(last_prefix_key));
      }
      if (change.mint.has_value()) {
        keys.push_back(MintKey(ToKey(change.mint->prefix), change.mint->pattern.text()));
      }
    }
    changes += set->changes.size();
  }
  rows_.Load(std::move(keys));
  LoadMinted(sets);
  salts_ = RandomBytes(changes * kSaltBytes);
  salts_used_ = 0;
}

// The codes that the sets will get, unless some are taken.
void Group::LoadMinted(absl::Span<ChangeSet* const> sets) {
  std::vector<std::string> keys;
  std::map<Mint*, uint64_t> next_serials;
  for (const ChangeSet* set : sets) {
    for (const Change& change : set->changes) {
      if (!change.mint.has_value() || change.mint->pattern.is_random()) continue;
      const auto mint = MintOf(ToKey(change.mint->prefix), change.mint->pattern.text());
      if (!mint.ok()) continue;
      uint64_t& serial = next_serials.try_emplace(*mint, (*mint)->next_serial).first->second;
      const auto suffix = change.mint->pattern.Expand(serial++);
      if (suffix.ok()) keys.push_back(RecordKey(ToKey(Concat(change.mint->prefix, "/", *suffix))));
    }
  }
  rows_.Load(std::move(keys));
}

absl::StatusOr<std::optional<uint64_t>> Group::RevisionAt(std::string_view key) {
  if (Directory::Holds(key) && !rows_.Has(key)) return from_.directory->RevisionAt(key);
  GUSU_ASSIGN_OR_RETURN(const std::string* bytes, rows_.Find(key));
  if (bytes == nullptr) return std::optional<uint64_t>();
  const auto header = DecodeRowHeader(*bytes);
  if (!header.ok()) return RowCorrupt(key, "not a row");
  return std::optional<uint64_t>(header->revision);
}

absl::StatusOr<std::optional<Row>> Group::RowAt(std::string_view key) {
  GUSU_ASSIGN_OR_RETURN(const std::string* bytes, rows_.Find(key));
  // An entry of an index has no row to tell.
  if (bytes == nullptr || key.front() == kIndexTable) return std::optional<Row>();
  auto row = DecodeRow(*bytes);
  if (!row.ok()) return RowCorrupt(key, "not a row");
  return std::optional<Row>(*std::move(row));
}

absl::StatusOr<Group::Counters*> Group::CountersOf(std::string_view prefix_key) {
  std::string key = PrefixCountersKey(prefix_key);
  const auto known = counters_.find(key);
  if (known != counters_.end()) return &known->second;
  GUSU_ASSIGN_OR_RETURN(const std::string* bytes, rows_.Find(key));
  GUSU_ASSIGN_OR_RETURN(const auto row, ParseOrDefault<v1::PrefixCountersRow>(key, bytes));
  return &counters_
              .emplace(std::move(key),
                       Counters{row.sequence(), row.record_count(), row.range_code_count()})
              .first->second;
}

absl::StatusOr<Group::Mint*> Group::MintOf(std::string_view prefix_key, std::string_view pattern) {
  std::string key = MintKey(prefix_key, pattern);
  const auto known = mints_.find(key);
  if (known != mints_.end()) return &known->second;
  GUSU_ASSIGN_OR_RETURN(const std::string* bytes, rows_.Find(key));
  GUSU_ASSIGN_OR_RETURN(const auto row, ParseOrDefault<v1::MintRow>(key, bytes));
  return &mints_.emplace(std::move(key), Mint{std::max<uint64_t>(row.next_serial(), 1)})
              .first->second;
}

absl::StatusOr<std::optional<Appended>> Group::Repeated(const ChangeSet& set) {
  const std::string key = RequestKey(set.request->scope, set.request->id);
  GUSU_ASSIGN_OR_RETURN(const std::string* bytes, rows_.Find(key));
  if (bytes == nullptr) return std::optional<Appended>();
  GUSU_ASSIGN_OR_RETURN(const auto row, ParseOrDefault<v1::RequestRow>(key, bytes));
  if (row.digest() != AsBytes(set.request->digest)) {
    return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                 Concat("request id ", Quote(set.request->id), " was used for another request"),
                 {{"request_id", Quote(set.request->id)}});
  }
  Appended appended;
  appended.first = {row.first_leaf_index(), row.first_revision()};
  appended.change_count = row.change_count();
  appended.repeated = true;
  GUSU_RETURN_IF_ERROR(ReadMinted(set, appended));
  return std::optional<Appended>(std::move(appended));
}

// A repeat asks for what its first asked for, so its changes say which codes were minted.
absl::Status Group::ReadMinted(const ChangeSet& set, Appended& appended) {
  appended.identifiers.resize(appended.change_count);
  std::vector<std::string> keys;
  std::vector<size_t> positions;
  for (size_t i = 0; i < std::min(set.changes.size(), appended.change_count); ++i) {
    if (!set.changes[i].mint.has_value()) continue;
    const uint64_t leaf_index = appended.first.leaf_index + i;
    if (const auto minted = minted_.find(leaf_index); minted != minted_.end()) {
      appended.identifiers[i] = minted->second;
    } else {
      keys.push_back(OpeningKey(leaf_index));
      positions.push_back(i);
    }
  }
  const auto found = from_.snapshot->MultiGet(keys);
  for (size_t k = 0; k < keys.size(); ++k) {
    GUSU_RETURN_IF_ERROR(found[k].status());
    v1::OpeningRow row;
    if (!found[k]->has_value() || !row.ParseFromString(**found[k])) {
      return RowCorrupt(keys[k], "not an OpeningRow");
    }
    const auto change = DecodeOpening(row.opening());
    if (!change.ok()) return RowCorrupt(keys[k], "not an opening");
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(change->resource));
    appended.identifiers[positions[k]] = identifier.written();
  }
  return absl::OkStatus();
}

}  // namespace gusu::storage
