#include "server/record_verb.h"

#include <algorithm>
#include <set>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/grants/grant_rights.h"
#include "server/instance_of.h"
#include "server/ownership.h"
#include "server/record_message.h"
#include "server/record_rules.h"
#include "server/resource_fields.h"
#include "server/template.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr size_t kRetirementCharactersMax = 500;

std::string StateName(const stored::RecordRow& record) {
  return v1::Record::State_Name(static_cast<v1::Record::State>(record.state()));
}

absl::Status WrongState(std::string_view reason, const stored::RecordRow& record) {
  return Error(absl::StatusCode::kFailedPrecondition, reason,
               Concat("record ", record.identifier(), " is ", StateName(record)),
               {{"identifier", record.identifier()}, {"state", StateName(record)}});
}

absl::Status CheckCanChange(const stored::RecordRow& record) {
  if (record.state() == v1::Record::RETIRED) return WrongState("RECORD_RETIRED", record);
  if (record.state() == v1::Record::SUSPENDED) return WrongState("RECORD_SUSPENDED", record);
  return absl::OkStatus();
}

absl::Status CheckHolder(const RecordUnderChange& change) {
  return CheckIsHolder(change.scope, change.acting, change.scope.prefix->row->prefix());
}

absl::Status CheckMayAlter(const stored::ValueRow& value, const RecordUnderChange& change) {
  if (MayAlterValuesOf(value.author(), change)) return absl::OkStatus();
  if (!change.right.Covers(value)) {
    return Error(absl::StatusCode::kPermissionDenied, "VALUE_OF_OTHER_AUTHOR",
                 Concat("value ", value.index(), " is another's, and you may not read it"),
                 {{"index", std::to_string(value.index())}});
  }
  return Error(
      absl::StatusCode::kPermissionDenied, "VALUE_OF_OTHER_AUTHOR",
      Concat("value ", value.index(), " (", Quote(value.type()), ") is of ", value.author()),
      {{"index", std::to_string(value.index())},
       {"type", value.type()},
       {"author", value.author()}});
}

stored::ValueRow* FindValue(stored::RecordRow* record, uint32_t index) {
  auto found =
      std::find_if(record->mutable_values()->begin(), record->mutable_values()->end(),
                   [index](const stored::ValueRow& value) { return value.index() == index; });
  return found == record->mutable_values()->end() ? nullptr : &*found;
}

absl::Status ValueNotFound(std::string_view field, const stored::RecordRow& record) {
  return Error(absl::StatusCode::kNotFound, "VALUE_NOT_FOUND",
               Concat("record ", record.identifier(), " has no value of ", field),
               {{"identifier", record.identifier()}, {"value", std::string(field)}});
}

// Whether the caller is to know of the value at all.
bool IsKnown(const stored::ValueRow& value, const RecordUnderChange& change) {
  return change.right.Covers(value) || MayAlterValuesOf(value.author(), change);
}

absl::StatusOr<stored::ValueRow*> ValueToModify(const v1::Value& asked,
                                                const RecordUnderChange& change) {
  stored::RecordRow* record = change.record;
  if (asked.index() != 0) {
    if (stored::ValueRow* value = FindValue(record, asked.index())) return value;
    return ValueNotFound(Concat("index ", asked.index()), *record);
  }
  stored::ValueRow* found = nullptr;
  for (stored::ValueRow& value : *record->mutable_values()) {
    if (value.type() != asked.type() || !IsKnown(value, change)) continue;
    if (found != nullptr) {
      return FieldInvalid("modify.type", asked.type(),
                          "several values have this type: name the index");
    }
    found = &value;
  }
  if (found == nullptr) return ValueNotFound(Concat("type ", Quote(asked.type())), *record);
  return found;
}

absl::Status ModifyValue(const v1::Value& asked, int asked_index, const RecordUnderChange& change) {
  GUSU_ASSIGN_OR_RETURN(stored::ValueRow * value, ValueToModify(asked, change));
  GUSU_RETURN_IF_ERROR(CheckMayAlter(*value, change));
  stored::ValueRow next;
  GUSU_RETURN_IF_ERROR(ReadValue(asked, asked_index, &next));
  next.set_index(value->index());
  if (asked.type().empty()) next.set_type(value->type());
  if (asked.tier() == v1::TIER_UNSPECIFIED) next.set_tier(value->tier());
  if (asked.lifetime_case() == v1::Value::LIFETIME_NOT_SET) {
    next.set_ttl(value->ttl());
    next.set_ttl_absolute(value->ttl_absolute());
  }
  next.set_author(RegistrantName(change.acting.registrant));
  if (!SameContent(next, *value)) *value = std::move(next);
  return absl::OkStatus();
}

absl::Status RemoveValue(uint32_t index, const RecordUnderChange& change) {
  auto* values = change.record->mutable_values();
  for (int i = 0; i < values->size(); ++i) {
    if (values->Get(i).index() != index) continue;
    GUSU_RETURN_IF_ERROR(CheckMayAlter(values->Get(i), change));
    values->DeleteSubrange(i, 1);
    return absl::OkStatus();
  }
  return ValueNotFound(Concat("index ", index), *change.record);
}

// The values that the record had keep their author and time where they stay the same.
absl::Status KeepUnchanged(const stored::RecordRow& before, const RecordUnderChange& change) {
  for (const stored::ValueRow& old : before.values()) {
    if (!IsKnown(old, change)) continue;  // stayed
    stored::ValueRow* value = FindValue(change.record, old.index());
    if (value != nullptr && SameContent(*value, old)) {
      value->set_author(old.author());
      value->set_modified_revision(old.modified_revision());
      continue;
    }
    GUSU_RETURN_IF_ERROR(CheckMayAlter(old, change));
  }
  return absl::OkStatus();
}

absl::Status ReplaceInstanceOf(const v1::InstanceOf& instance_of, const RecordUnderChange& change) {
  stored::RecordRow& record = *change.record;
  if (ToKey(instance_of.identifier()) == ToKey(record.instance_of()) &&
      instance_of.revision() == record.instance_of_revision()) {
    return absl::OkStatus();
  }
  if (instance_of.identifier().empty()) {
    record.clear_instance_of();
    record.clear_instance_of_revision();
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(Ancestor ancestor, FindAncestor(change.view, instance_of));
  GUSU_RETURN_IF_ERROR(CheckAncestor(ancestor, ToKey(record.identifier()), record.level()));
  record.set_instance_of(ancestor.identifier);
  record.set_instance_of_revision(instance_of.revision());
  change.preconditions->push_back(AtRevision(storage::RecordKey(ancestor.key), *ancestor.revision));
  return absl::OkStatus();
}

// Whether the record inherits from one of its own template, and with it what that requires.
absl::StatusOr<bool> InheritsTemplate(const RecordUnderChange& change) {
  if (change.record->instance_of().empty()) return false;
  v1::InstanceOf instance_of;
  instance_of.set_identifier(change.record->instance_of());
  GUSU_ASSIGN_OR_RETURN(Ancestor ancestor, FindAncestor(change.view, instance_of));
  return ancestor.template_id == change.record->template_id();
}

// A record takes the template's latest version once it has what that requires. Until then, a change
// of single values (`before` is what they were) keeps the version and what is required of it.
absl::Status CheckWhole(const Template* templ, const stored::RecordRow* before,
                        const RecordUnderChange& change) {
  if (templ == nullptr) return absl::OkStatus();
  stored::RecordRow& record = *change.record;
  if (templ->revision != 0) {
    change.preconditions->push_back(AtRevision(storage::TemplateKey(templ->id), templ->revision));
  }
  GUSU_RETURN_IF_ERROR(CheckNotDisabled(*templ, record));
  absl::Status whole = CheckRequired(*templ, record);
  if (!whole.ok()) {
    GUSU_ASSIGN_OR_RETURN(bool inherits, InheritsTemplate(change));
    if (inherits) whole = absl::OkStatus();
  }
  if (whole.ok()) {
    record.set_template_version(templ->version);
  } else if (before != nullptr && record.template_version() < templ->version) {
    return CheckRequired(*templ, record, before);
  }
  return whole;
}

// The record's values become these, but for those of `before` that the caller may neither alter nor
// read.
absl::Status ReplaceValues(const google::protobuf::RepeatedPtrField<v1::Value>& values,
                           const stored::RecordRow& before, const RecordUnderChange& change) {
  stored::RecordRow& record = *change.record;
  record.clear_values();
  for (const stored::ValueRow& old : before.values()) {
    if (!IsKnown(old, change)) *record.add_values() = old;
  }
  for (int i = 0; i < values.size(); ++i) {
    stored::ValueRow* value = record.add_values();
    GUSU_RETURN_IF_ERROR(ReadValue(values.Get(i), i, value));
    value->set_author(RegistrantName(change.acting.registrant));
  }
  const auto templ = FindTemplate(change.view.directory(), record.template_id());
  GUSU_RETURN_IF_ERROR(CompleteValues(templ.get(), &record));
  if (templ != nullptr) AddDefaults(*templ, *change.scope.registrant->row, &record);
  GUSU_RETURN_IF_ERROR(KeepUnchanged(before, change));
  return CheckWhole(templ.get(), nullptr, change);
}

}  // namespace

absl::Status CheckHolderOrOwner(const RecordUnderChange& change) {
  const std::string& holder = change.scope.prefix->row->holder();
  if (OwnerOf(*change.record, holder) == change.acting.registrant) return absl::OkStatus();
  return CheckHolder(change);
}

absl::Status CheckHolderOwnerOrCustodian(const RecordUnderChange& change) {
  const std::string& holder = change.scope.prefix->row->holder();
  if (CustodianOf(*change.record, holder) == change.acting.registrant) return absl::OkStatus();
  return CheckHolderOrOwner(change);
}

bool MayAlterValuesOf(const std::string& author, const RecordUnderChange& change) {
  if (author == RegistrantName(change.acting.registrant)) return true;
  return change.scope.is_holder && author == RegistrantName(change.record->issued_by());
}

void PrepareNextRevision(uint64_t revision, uint64_t leaf_index, const std::string& prefix_holder,
                         stored::RecordRow* record) {
  NameOwners(prefix_holder, record);
  if (record->create_revision() == 0) {
    record->set_create_revision(revision);
    record->set_create_leaf_index(leaf_index);
  }
  for (stored::ValueRow& value : *record->mutable_values()) {
    if (value.modified_revision() == 0) value.set_modified_revision(revision);
  }
  if (record->has_retirement() && record->retirement().revision() == 0) {
    record->mutable_retirement()->set_revision(revision);
  }
  for (stored::HoldRow& hold : *record->mutable_holds()) {
    if (hold.revision() == 0) hold.set_revision(revision);
  }
  record->clear_create_digest();
  record->clear_create_request_id();
}

absl::Status Apply(const v1::UpdateRecordRequest& request, const RecordUnderChange& change) {
  stored::RecordRow& record = *change.record;
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  GUSU_RETURN_IF_ERROR(CheckHolder(change));
  GUSU_RETURN_IF_ERROR(CheckCanChange(record));
  const stored::RecordRow before = record;
  if (request.has_instance_of()) {
    GUSU_RETURN_IF_ERROR(ReplaceInstanceOf(request.instance_of(), change));
  }
  return ReplaceValues(request.values(), before, change);
}

absl::Status Apply(const v1::ModifyValuesRequest& request, const RecordUnderChange& change) {
  stored::RecordRow& record = *change.record;
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  const absl::Status own = CheckHolderOwnerOrCustodian(change);
  std::set<std::string> granted_types;  // for who writes by grants alone
  if (!own.ok()) {
    granted_types = TypesWritableByGrant({change.view.directory(), change.acting.registrant, record,
                                          ToKey(record.identifier()), change.now},
                                         change.preconditions);
    if (granted_types.empty()) return own;
  }
  GUSU_RETURN_IF_ERROR(CheckCanChange(record));
  if (request.add().empty() && request.modify().empty() && request.remove_indexes().empty()) {
    return FieldMissing("add");
  }
  const stored::RecordRow before = record;
  for (uint32_t index : request.remove_indexes()) {
    GUSU_RETURN_IF_ERROR(RemoveValue(index, change));
  }
  for (int i = 0; i < request.modify_size(); ++i) {
    GUSU_RETURN_IF_ERROR(ModifyValue(request.modify(i), i, change));
  }
  for (int i = 0; i < request.add_size(); ++i) {
    stored::ValueRow* value = record.add_values();
    GUSU_RETURN_IF_ERROR(ReadValue(request.add(i), i, value));
    value->set_author(RegistrantName(change.acting.registrant));
  }
  const auto templ = FindTemplate(change.view.directory(), record.template_id());
  GUSU_RETURN_IF_ERROR(CompleteValues(templ.get(), &record));
  if (!own.ok()) GUSU_RETURN_IF_ERROR(CheckGrantedChanges(before, record, granted_types));
  return CheckWhole(templ.get(), &before, change);
}

absl::Status Apply(const v1::SuspendRecordRequest& request, const RecordUnderChange& change) {
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  GUSU_RETURN_IF_ERROR(CheckHolder(change));
  GUSU_RETURN_IF_ERROR(CheckCanChange(*change.record));
  if (change.record->state() != v1::Record::ACTIVE) {
    return WrongState("RECORD_NOT_ACTIVE", *change.record);
  }
  change.record->set_state(v1::Record::SUSPENDED);
  change.record->set_suspension_reason(request.reason());
  return absl::OkStatus();
}

absl::Status Apply(const v1::ActivateRecordRequest& request, const RecordUnderChange& change) {
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  GUSU_RETURN_IF_ERROR(CheckHolder(change));
  if (change.record->state() == v1::Record::RETIRED) {
    return WrongState("RECORD_RETIRED", *change.record);
  }
  if (change.record->state() == v1::Record::ACTIVE) {
    return WrongState("RECORD_NOT_SUSPENDED", *change.record);
  }
  change.record->set_state(v1::Record::ACTIVE);
  change.record->clear_suspension_reason();
  return absl::OkStatus();
}

absl::Status Apply(const v1::RetireRecordRequest& request, const RecordUnderChange& change) {
  const v1::Retirement& asked = request.retirement();
  stored::RecordRow& record = *change.record;
  if (asked.reason() == v1::Retirement::REASON_UNSPECIFIED) {
    return FieldMissing("retirement.reason");
  }
  if (!v1::Retirement::Reason_IsValid(asked.reason())) {
    return FieldInvalid("retirement.reason", std::to_string(asked.reason()), "not a reason");
  }
  if (asked.reason() == v1::Retirement::SUPERSEDED && asked.successor().empty()) {
    return FieldMissing("retirement.successor");
  }
  if (asked.reason() == v1::Retirement::OTHER && asked.text().empty()) {
    return FieldMissing("retirement.text");
  }
  if (!IsUtf8(asked.text()) || CharacterCount(asked.text()) > kRetirementCharactersMax) {
    return FieldInvalid("retirement.text", asked.text(),
                        Concat("at most ", kRetirementCharactersMax, " characters of UTF-8"));
  }
  if (!asked.successor().empty()) {
    GUSU_ASSIGN_OR_RETURN(Identifier successor, Identifier::Parse(asked.successor()));
    if (successor.key() == ToKey(record.identifier())) {
      return FieldInvalid("retirement.successor", asked.successor(), "is the record itself");
    }
  }
  GUSU_RETURN_IF_ERROR(CheckIsOwner(record, change.scope.prefix->row->holder(), change.acting));
  if (record.state() == v1::Record::RETIRED) return WrongState("RECORD_RETIRED", record);
  record.set_state(v1::Record::RETIRED);
  stored::RetirementRow* retirement = record.mutable_retirement();
  retirement->Clear();
  retirement->set_reason(asked.reason());
  retirement->set_text(asked.text());
  retirement->set_successor(asked.successor());
  return absl::OkStatus();
}

absl::Status Apply(const v1::ReinstateRecordRequest& request, const RecordUnderChange& change) {
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  GUSU_RETURN_IF_ERROR(CheckHolder(change));
  if (change.record->state() != v1::Record::RETIRED) {
    return WrongState("RECORD_NOT_RETIRED", *change.record);
  }
  const stored::RecordRow before = *change.record;
  change.record->set_state(v1::Record::ACTIVE);
  change.record->clear_retirement();
  change.record->clear_suspension_reason();
  if (!request.has_content()) return absl::OkStatus();
  return ReplaceValues(request.content().values(), before, change);
}

}  // namespace gusu::server
