#include "tests/storage/ledger_model.h"

#include "proto/identifier.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {

uint64_t LedgerModel::RecordCount(const std::string& prefix_key) const {
  const auto found = records_.find(prefix_key);
  return found == records_.end() ? 0 : found->second;
}

bool LedgerModel::Holds(const Precondition& precondition, uint64_t added) const {
  const auto row = rows_.find(precondition.key);
  switch (precondition.kind) {
    case Precondition::Kind::kAbsent:
      return row == rows_.end();
    case Precondition::Kind::kRevision:
      return row != rows_.end() && row->second.back().revision == precondition.revision;
    case Precondition::Kind::kEmptyInterval: {
      const auto first = rows_.lower_bound(precondition.key);
      return first == rows_.end() || first->first >= precondition.end;
    }
    case Precondition::Kind::kQuota:
      return RecordCount(precondition.key) + added <= precondition.limit;
  }
  return false;
}

LedgerModel::Verdict LedgerModel::Judge(const ChangeSet& set) const {
  if (set.request.has_value()) {
    const auto known = requests_.find(set.request->id);
    if (known != requests_.end()) {
      return known->second.digest == set.request->digest ? Verdict::kRepeated : Verdict::kReused;
    }
  }
  for (const Precondition& precondition : set.preconditions) {
    if (!Holds(precondition, set.changes.size())) return Verdict::kRefused;
  }
  // A copy, since a change rests on those before it.
  LedgerModel after = *this;
  for (const Change& change : set.changes) {
    for (const Precondition& precondition : change.preconditions) {
      if (!after.Holds(precondition, 1)) return Verdict::kRefused;
    }
    ChangeSet alone;
    alone.changes.push_back(change);
    after.Apply(alone, {after.leaf_count_, after.last_revision_ + 1});
  }
  return Verdict::kAppended;
}

std::string LedgerModel::NextCode(const MintRequest& mint) {
  uint64_t& serial = serials_[ToKey(mint.prefix) + " " + mint.pattern.text()];
  while (true) {
    const std::string code = mint.prefix + "/" + *mint.pattern.Expand(++serial);
    if (rows_.count(RecordKey(ToKey(code))) == 0) return code;
  }
}

Appended LedgerModel::Apply(const ChangeSet& set, Receipt first) {
  Appended appended;
  appended.first = first;
  appended.change_count = set.changes.size();
  for (const Change& change : set.changes) {
    std::string key = change.rows[0].key;
    appended.identifiers.emplace_back();
    if (change.mint.has_value()) {
      appended.identifiers.back() = NextCode(*change.mint);
      key = RecordKey(ToKey(appended.identifiers.back()));
    }
    const Row row{first.revision, first.leaf_index, change.rows[0].payload};
    rows_[key].push_back({first.revision, first.leaf_index, TextOf(row)});
    if (change.adds_record) ++records_[change.prefix_key];
    last_revision_ = first.revision++;
    leaf_count_ = ++first.leaf_index;
  }
  if (set.request.has_value()) requests_[set.request->id] = {set.request->digest, appended};
  return appended;
}

}  // namespace gusu::storage
