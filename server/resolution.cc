#include "server/resolution.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/as_of.h"
#include "server/delegation.h"
#include "server/ownership.h"
#include "server/record_message.h"
#include "server/template.h"
#include "server/withheld_values.h"

namespace gusu::server {
namespace {

// Values of one record after another, nearest first; an index that came once does not come again,
// nor does an attribute, which templates number each in its own way.
class ValueJoin {
 public:
  ValueJoin(const ValueFilter& filter, v1::ResolveResponse* response)
      : filter_(filter), response_(response) {}

  // `inherited_from` is empty for the record's own values.
  void Add(const StoredRecord& record, const ReadRight& right, const std::string& inherited_from) {
    const size_t nearer_count = nearer_.size();
    for (const storage::v1::ValueRow& value : record.row->values()) {
      // A nearer value stands for this one even when the caller may not read it.
      if (IsHidden(value, nearer_count)) continue;
      nearer_.push_back(&value);
      if (!filter_.Wants(value)) continue;
      if (!right.Covers(value)) {
        withheld_.Add(value.tier());
        continue;
      }
      v1::Value* shown = response_->mutable_record()->add_values();
      FillValue(value, record.revision, shown);
      shown->set_inherited_from(inherited_from);
    }
  }

  const WithheldValues& withheld() const { return withheld_; }

 private:
  bool IsHidden(const storage::v1::ValueRow& value, size_t nearer_count) const {
    for (size_t i = 0; i < nearer_count; ++i) {
      const storage::v1::ValueRow& nearer = *nearer_[i];
      if (nearer.index() == value.index()) return true;
      if (nearer.index() >= kAttributeIndexMin && value.index() >= kAttributeIndexMin &&
          nearer.type() == value.type()) {
        return true;
      }
    }
    return false;
  }

  const ValueFilter& filter_;
  v1::ResolveResponse* response_;
  std::vector<const storage::v1::ValueRow*> nearer_;  // of records that outlive the join
  WithheldValues withheld_;
};

v1::Registrant::State HolderState(const storage::Directory& directory,
                                  std::string_view prefix_key) {
  const auto* prefix = directory.FindCoveringPrefix(prefix_key);
  const auto* holder =
      prefix == nullptr ? nullptr : directory.FindRegistrant(prefix->row->holder());
  return holder == nullptr ? v1::Registrant::STATE_UNSPECIFIED
                           : static_cast<v1::Registrant::State>(holder->row->state());
}

absl::Status TierRefused(const Identifier& identifier, uint32_t withheld) {
  return Error(
      absl::StatusCode::kPermissionDenied, "TIER_REFUSED",
      Concat("identifier ", Quote(identifier.written()), " has ", withheld,
             " of the values asked for, and you may read none of them"),
      {{"identifier", identifier.written()}, {"values_withheld_count", std::to_string(withheld)}});
}

}  // namespace

absl::StatusOr<Resolution> Resolution::Begin(const storage::View& view, const Proofs* proofs,
                                             const v1::ResolveOptions& options,
                                             const Caller& caller, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(ValueFilter filter, ValueFilter::Parse(options));
  GUSU_ASSIGN_OR_RETURN(const uint64_t as_of, AsOfRevision(options, view, now));
  Resolution resolution(view, caller, std::move(filter), as_of, now);
  if (options.include_proof()) {
    resolution.proofs_ = proofs;
    resolution.prover_ = proofs->Begin(view);
  }
  return resolution;
}

void Resolution::ReadAhead(absl::Span<const std::string* const> identifiers) {
  ahead_.clear();
  std::vector<std::string> row_keys;
  std::vector<std::string> identifier_keys;
  for (const std::string* text : identifiers) {
    const absl::StatusOr<Identifier> identifier = Identifier::Parse(*text);
    if (!identifier.ok()) continue;  // told when its turn comes
    identifier_keys.push_back(identifier->key());
    row_keys.push_back(storage::RecordKey(identifier->key()));
  }
  auto rows = view_.MultiGet(row_keys);
  for (size_t i = 0; i < rows.size(); ++i) {
    ahead_.insert_or_assign(std::move(identifier_keys[i]), std::move(rows[i]));
  }
}

absl::StatusOr<std::optional<StoredRecord>> Resolution::Find(const Identifier& identifier,
                                                             std::string* serial_range) {
  GUSU_ASSIGN_OR_RETURN(std::optional<StoredRecord> own, FindOwn(identifier));
  if (own) return own;
  GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> code, ranges_.Find(identifier));
  if (!code) return own;
  *serial_range = code->resource_name;
  return std::optional<StoredRecord>({code->revision, code->leaf_index, code->record});
}

absl::StatusOr<std::optional<StoredRecord>> Resolution::FindOwn(
    const Identifier& identifier) const {
  const auto found = ahead_.find(identifier.key());
  if (found == ahead_.end()) return ReadRecord(view_, identifier.key(), as_of_);
  if (!found->second.ok()) return found->second.status();
  const std::optional<storage::Row>& row = *found->second;
  if (!row) return std::optional<StoredRecord>();
  if (row->revision > as_of_) return ReadRecord(view_, identifier.key(), as_of_);
  GUSU_ASSIGN_OR_RETURN(StoredRecord record, DecodeRecord(*row, identifier.written()));
  return std::optional<StoredRecord>(std::move(record));
}

absl::StatusOr<ReadRight> Resolution::RightTo(const StoredRecord& record,
                                              std::string_view identifier_key,
                                              bool is_fixed) const {
  if (is_fixed || as_of_ < view_.last_revision()) {
    return ReadRight::ToRevision(view_, caller_, record, identifier_key, now_);
  }
  return ReadRight(view_.directory(), caller_, *record.row, identifier_key, now_);
}

absl::Status Resolution::Resolve(const std::string& text, v1::ResolveResponse* response) {
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(text));
  std::string serial_range;
  GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> record, Find(identifier, &serial_range));
  if (!record) return Refer(identifier, response);
  GUSU_ASSIGN_OR_RETURN(const std::vector<StoredRecord> ancestors, lineage_.AncestorsOf(*record));

  GUSU_ASSIGN_OR_RETURN(const std::string holder,
                        PrefixHolderAsOf(view_, identifier.prefix_key(), as_of_));
  GUSU_ASSIGN_OR_RETURN(const ReadRight right, RightTo(*record, identifier.key(), false));

  ValueJoin join(filter_, response);
  join.Add(*record, right, "");
  const WithheldValues own_withheld = join.withheld();
  const storage::v1::RecordRow* heir = record->row.get();
  for (const StoredRecord& ancestor : ancestors) {
    const std::string& from = ancestor.row->identifier();
    const bool is_fixed = heir->instance_of_revision() != 0;
    GUSU_ASSIGN_OR_RETURN(const ReadRight inherited, RightTo(ancestor, ToKey(from), is_fixed));
    join.Add(ancestor, inherited, from);
    heir = ancestor.row.get();
  }
  FillRecord(*record->row, holder, record->revision, record->leaf_index,
             response->mutable_record());
  own_withheld.Tell(response->mutable_record());
  response->mutable_record()->set_serial_range(std::move(serial_range));
  if (join.withheld().count() > 0 && response->record().values().empty()) {
    response->Clear();
    return TierRefused(identifier, join.withheld().count());
  }
  join.withheld().Tell(response);
  response->set_read_revision(as_of_);
  response->set_holder_state(HolderState(view_.directory(), identifier.prefix_key()));
  if (prover_ == nullptr) return absl::OkStatus();
  const absl::Status proven = Prove(*record, ancestors, response);
  if (!proven.ok()) response->Clear();
  return proven;
}

absl::Status Resolution::Refer(const Identifier& identifier, v1::ResolveResponse* response) const {
  GUSU_ASSIGN_OR_RETURN(const bool elsewhere, FindReferral(view_, identifier.prefix_key(), as_of_,
                                                           response->mutable_referral()));
  if (!elsewhere) {
    response->clear_referral();
    return RecordNotFound(view_, identifier, as_of_);
  }
  response->set_read_revision(as_of_);
  response->set_holder_state(HolderState(view_.directory(), identifier.prefix_key()));
  return absl::OkStatus();
}

absl::Status Resolution::Prove(const StoredRecord& record,
                               const std::vector<StoredRecord>& ancestors,
                               v1::ResolveResponse* response) {
  Proofs::AnswerLeaves leaves;
  leaves.resource = response->record().name();
  leaves.revision = record.revision;
  leaves.read_revision = as_of_;
  leaves.now = now_;
  leaves.leaf_indexes.push_back(record.leaf_index);
  for (const StoredRecord& ancestor : ancestors) leaves.leaf_indexes.push_back(ancestor.leaf_index);
  return proofs_->ProveAnswer(*prover_, leaves, caller_, response->mutable_proof());
}

}  // namespace gusu::server
