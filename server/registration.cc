#include "server/registration.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ranges/range_conflicts.h"
#include "server/ranges/range_override.h"
#include "server/record_effects.h"
#include "server/record_message.h"
#include "server/record_rules.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr size_t kOriginSystemCharactersMax = 200;

absl::Status CheckOrigin(const stored::OriginRow& origin) {
  if (CharacterCount(origin.system()) > kOriginSystemCharactersMax) {
    return FieldInvalid("origin.system", origin.system(),
                        Concat("at most ", kOriginSystemCharactersMax, " characters"));
  }
  if (origin.original_identifier().size() > kIdentifierBytesMax) {
    return FieldInvalid("origin.original_identifier", origin.original_identifier(),
                        Concat("at most ", kIdentifierBytesMax, " bytes"));
  }
  if (!origin.evidence_sha256().empty() && origin.evidence_sha256().size() != sizeof(Hash)) {
    return FieldInvalid("origin.evidence_sha256", HexEncode(origin.evidence_sha256()),
                        "a SHA-256 has 32 bytes");
  }
  return absl::OkStatus();
}

absl::Status ReadContent(const v1::RegisterRow& row, const Acting& acting,
                         stored::RecordRow* record) {
  if (row.level() < v1::Record::LEVEL_UNSPECIFIED || row.level() > v1::Record::ITEM) {
    return FieldInvalid("level", std::to_string(row.level()), "MODEL, BATCH or ITEM");
  }
  if (row.state() != v1::Record::STATE_UNSPECIFIED && row.state() != v1::Record::RESERVED &&
      row.state() != v1::Record::ACTIVE) {
    return FieldInvalid("state", v1::Record::State_Name(row.state()), "RESERVED or ACTIVE");
  }
  record->set_issued_by(acting.registrant);
  record->set_level(row.level() == 0 ? v1::Record::ITEM : row.level());
  record->set_state(row.state() == 0 ? v1::Record::ACTIVE : row.state());
  const std::string author = RegistrantName(acting.registrant);
  record->mutable_values()->Reserve(row.values_size() + 1);
  for (int i = 0; i < row.values_size(); ++i) {
    stored::ValueRow* value = record->add_values();
    GUSU_RETURN_IF_ERROR(ReadValue(row.values(i), i, value));
    value->set_author(author);
  }
  if (row.has_origin()) {
    GUSU_RETURN_IF_ERROR(ReadOrigin(row.origin(), record->mutable_origin()));
    GUSU_RETURN_IF_ERROR(CheckOrigin(record->origin()));
  }
  if (row.has_effective_time()) {
    GUSU_ASSIGN_OR_RETURN(uint64_t time_us, TimeOf(row.effective_time(), "effective_time"));
    record->set_effective_time_us(time_us);
  }
  return absl::OkStatus();
}

// A counter grows beyond the digits that its pattern asks for, and the policy of the prefix need
// not: the last serial before the first power of ten whose code it refuses.
uint64_t LastFittingSerial(const WriteScope& scope, const SuffixPattern& pattern) {
  constexpr uint64_t kSerialMax = std::numeric_limits<uint64_t>::max();
  const stored::PrefixRow& policy = *scope.prefix->row;
  if (policy.suffix_characters_max() == 0 && policy.suffix_pattern().empty()) return kSerialMax;
  uint64_t power = 1;
  while (power <= kSerialMax / 10) {
    power *= 10;
    const absl::StatusOr<std::string> suffix = pattern.Expand(power);
    if (!suffix.ok() || !CheckSuffix(scope, *suffix).ok()) return power - 1;
  }
  return kSerialMax;
}

}  // namespace

// A row as asked: what follows from the row, the registrant and the template alone.
struct Registrations::Draft {
  stored::RecordRow record;
  std::shared_ptr<const Template> templ;  // nullptr: free values
  std::string prefix;                     // as written
  std::string prefix_key;
  std::optional<Identifier> identifier;  // nullopt: to be minted
  std::optional<Identifier> ancestor;
  Hash digest;
  // Found in the view.
  const WriteScope* scope = nullptr;
  std::optional<SuffixPattern> pattern;
  uint64_t serial_max = std::numeric_limits<uint64_t>::max();
};

absl::Status Registrations::ReadDraft(const v1::RegisterRow& row, Draft* draft) const {
  if (row.has_mint()) {
    GUSU_ASSIGN_OR_RETURN(draft->prefix, ParsePrefix(row.mint().prefix()));
    draft->prefix_key = ToKey(draft->prefix);
  } else if (row.has_identifier()) {
    GUSU_ASSIGN_OR_RETURN(draft->identifier, Identifier::Parse(row.identifier()));
    draft->prefix = std::string(draft->identifier->prefix());
    draft->prefix_key = std::string(draft->identifier->prefix_key());
  } else {
    return FieldMissing("identifier");
  }
  GUSU_RETURN_IF_ERROR(CheckRequestId(row.request_id()));
  stored::RecordRow* record = &draft->record;
  GUSU_RETURN_IF_ERROR(ReadContent(row, acting_, record));
  if (!row.template_().empty()) {
    draft->templ = FindTemplate(view_.directory(), row.template_());
    if (draft->templ == nullptr) {
      return FindPublishedTemplate(view_.directory(), row.template_(), acting_.registrant).status();
    }
    record->set_template_id(draft->templ->id);
  }
  GUSU_RETURN_IF_ERROR(CompleteValues(draft->templ.get(), record));
  if (!row.instance_of().identifier().empty()) {
    GUSU_ASSIGN_OR_RETURN(draft->ancestor, Identifier::ParseName(row.instance_of().identifier()));
    record->set_instance_of(draft->ancestor->key());
    record->set_instance_of_revision(row.instance_of().revision());
  }
  const Hash content = ContentDigest(*record);
  draft->digest =
      row.has_mint()
          ? Sha256({"gusu.mint.v1\n", draft->prefix_key, "\n", row.mint().pattern(), "\n",
                    AsBytes(content)})
          : Sha256({"gusu.register.v1\n", draft->identifier->key(), "\n", AsBytes(content)});
  // Not of the digest: the same request stays the same when the template has a new version.
  if (draft->templ != nullptr) record->set_template_version(draft->templ->version);
  return absl::OkStatus();
}

absl::StatusOr<Hash> Registrations::DigestOf(const v1::RegisterRow& row) const {
  Draft draft;
  GUSU_RETURN_IF_ERROR(ReadDraft(row, &draft));
  return draft.digest;
}

absl::StatusOr<const WriteScope*> Registrations::ScopeOf(std::string_view prefix,
                                                         std::string_view prefix_key) {
  auto known = scopes_.find(AbslView(prefix_key));
  if (known == scopes_.end()) {
    GUSU_ASSIGN_OR_RETURN(WriteScope scope,
                          FindWriteScope(view_.directory(), acting_, prefix, prefix_key));
    GUSU_RETURN_IF_ERROR(CheckIsHolder(scope, acting_, prefix));
    known = scopes_.emplace(std::string(prefix_key), scope).first;
  }
  return &known->second;
}

absl::Status Registrations::FitPattern(const v1::RegisterRow& row, Draft* draft) {
  auto scheme = static_cast<CheckScheme>(draft->scope->prefix->row->check_scheme());
  if (scheme < CheckScheme::kMod37_36) scheme = CheckScheme::kMod37_36;
  GUSU_ASSIGN_OR_RETURN(draft->pattern, SuffixPattern::Parse(row.mint().pattern(), scheme));
  if (draft->pattern->is_random()) {
    GUSU_ASSIGN_OR_RETURN(std::string suffix, draft->pattern->ExpandRandom());
    GUSU_RETURN_IF_ERROR(CheckSuffix(*draft->scope, suffix));
    GUSU_ASSIGN_OR_RETURN(draft->identifier, Identifier::Parse(Concat(draft->prefix, "/", suffix)));
    return absl::OkStatus();
  }
  // Two samples, since one could have right check characters by chance.
  for (uint64_t serial : {1, 2}) {
    GUSU_ASSIGN_OR_RETURN(std::string suffix, draft->pattern->Expand(serial));
    GUSU_RETURN_IF_ERROR(Identifier::Parse(Concat(draft->prefix, "/", suffix)).status());
    GUSU_RETURN_IF_ERROR(CheckSuffix(*draft->scope, suffix));
  }
  draft->serial_max = LastFittingSerial(*draft->scope, *draft->pattern);
  return absl::OkStatus();
}

absl::StatusOr<const Ancestor*> Registrations::FitAncestor(const v1::RegisterRow& row,
                                                           Draft* draft) {
  auto known = ancestors_.find(draft->ancestor->key());
  if (known == ancestors_.end() || row.instance_of().revision() != 0) {
    GUSU_ASSIGN_OR_RETURN(Ancestor found, FindAncestor(view_, row.instance_of()));
    known = ancestors_.insert_or_assign(draft->ancestor->key(), std::move(found)).first;
  }
  const Ancestor& ancestor = known->second;
  GUSU_RETURN_IF_ERROR(CheckAncestor(ancestor,
                                     draft->identifier.has_value() ? draft->identifier->key() : "",
                                     draft->record.level()));
  draft->record.set_instance_of(ancestor.identifier);
  return &ancestor;
}

absl::Status Registrations::AddEffects(const Draft& draft, Change* change) const {
  const std::string_view suffix_key =
      draft.identifier.has_value() ? draft.identifier->suffix_key() : std::string_view();
  absl::Status unique = AddUniqueValues(view_, nullptr, draft.record, draft.templ.get(),
                                        draft.prefix_key, suffix_key, change, &planned_);
  AddRecordEffects(nullptr, draft.record, draft.templ.get(), draft.prefix_key, suffix_key, change);
  return UnlessRegistered(draft, std::move(unique));
}

// Of a code that is registered already, what it was registered as is told, not this.
absl::Status Registrations::UnlessRegistered(const Draft& draft, absl::Status refusal) const {
  if (refusal.ok() || !draft.identifier.has_value()) return refusal;
  GUSU_ASSIGN_OR_RETURN(const auto existing,
                        view_.Get(storage::RecordKey(draft.identifier->key())));
  return existing.has_value() ? absl::OkStatus() : refusal;
}

absl::Status Registrations::FitTemplate(const Draft& draft, const Ancestor* ancestor) const {
  const Template& templ = *draft.templ;
  GUSU_RETURN_IF_ERROR(
      FindPublishedTemplate(view_.directory(), templ.id, acting_.registrant).status());
  GUSU_RETURN_IF_ERROR(CheckNotDisabled(templ, draft.record));
  // What its model or batch has of the same template, the record inherits.
  if (ancestor != nullptr && ancestor->template_id == templ.id) return absl::OkStatus();
  return CheckRequired(templ, draft.record);
}

absl::Status Registrations::FitRanges(Draft* draft,
                                      std::vector<Precondition>* preconditions) const {
  if (draft->pattern.has_value()) {
    return CheckMintingIsApart(view_, draft->prefix_key, *draft->pattern, preconditions);
  }
  return CheckRegistersOver(view_, *draft->identifier, acting_, draft->scope->prefix->row->holder(),
                            &draft->record, preconditions);
}

absl::StatusOr<Registration> Registrations::Prepare(const v1::RegisterRow& row,
                                                    bool keeps_request_id) {
  Draft draft;
  GUSU_RETURN_IF_ERROR(ReadDraft(row, &draft));
  GUSU_ASSIGN_OR_RETURN(draft.scope, ScopeOf(draft.prefix, draft.prefix_key));
  if (row.has_mint()) {
    GUSU_RETURN_IF_ERROR(FitPattern(row, &draft));
  } else {
    GUSU_RETURN_IF_ERROR(CheckSuffix(*draft.scope, draft.identifier->suffix()));
  }

  Registration registration;
  registration.digest = draft.digest;
  Change& change = registration.change;
  RowPut& put = change.rows.emplace_back();
  if (draft.identifier.has_value()) {
    registration.identifier = draft.identifier->written();
    change.resource = draft.identifier->name();
    put.key = storage::RecordKey(draft.identifier->key());
    change.preconditions.push_back(Absent(put.key));
  }
  GUSU_RETURN_IF_ERROR(FitRanges(&draft, &change.preconditions));
  if (!draft.identifier.has_value()) {
    change.mint = MintRequest{draft.scope->prefix->row->prefix(), std::move(*draft.pattern),
                              draft.serial_max};
  }
  const Ancestor* ancestor = nullptr;
  if (draft.ancestor.has_value()) {
    GUSU_ASSIGN_OR_RETURN(ancestor, FitAncestor(row, &draft));
    if (ancestor->revision.has_value()) {
      change.preconditions.push_back(
          AtRevision(storage::RecordKey(ancestor->key), *ancestor->revision));
    }
  }
  stored::RecordRow& record = draft.record;
  if (draft.templ != nullptr) {
    AddDefaults(*draft.templ, *draft.scope->registrant->row, &record);
    GUSU_RETURN_IF_ERROR(UnlessRegistered(draft, FitTemplate(draft, ancestor)));
    if (draft.templ->revision != 0) {
      change.preconditions.push_back(
          AtRevision(storage::TemplateKey(draft.templ->id), draft.templ->revision));
    }
  }
  record.set_identifier(registration.identifier);
  record.set_create_digest(std::string(AsBytes(registration.digest)));
  if (keeps_request_id) record.set_create_request_id(row.request_id());
  GUSU_RETURN_IF_ERROR(AddEffects(draft, &change));
  change.commitments = Seal(record);
  GUSU_RETURN_IF_ERROR(CheckRecordBytes(record));
  record.SerializeToString(&put.payload);

  change.operation = Operation::kRegister;
  change.prefix_key = std::move(draft.prefix_key);
  change.registrant = acting_.registrant;
  change.actor = acting_.actor;
  change.credential = caller_.credential;
  change.on_behalf_of = acting_.on_behalf_of;
  change.reason = acting_.reason;
  change.adds_record = true;
  return registration;
}

void Registrations::Plan(const Registration& registration) {
  for (const Precondition& precondition : registration.change.preconditions) {
    if (precondition.kind == Precondition::Kind::kEmptyInterval) planned_.insert(precondition.key);
  }
  if (registration.identifier.empty()) return;
  stored::RecordRow record;
  if (!record.ParseFromString(registration.change.rows.front().payload)) return;
  if (record.level() == v1::Record::ITEM) return;
  std::string key = ToKey(registration.identifier);
  ancestors_.insert_or_assign(key, Ancestor{record.identifier(), key, record.level(),
                                            record.state(), record.template_id(), std::nullopt});
}

std::vector<Precondition> Registrations::Preconditions(
    const std::vector<std::string>& prefix_keys) const {
  std::vector<Precondition> preconditions;
  preconditions.reserve(2 + 2 * prefix_keys.size());
  AddActingPreconditions(view_.directory(), acting_, caller_, &preconditions);
  for (const std::string& prefix_key : prefix_keys) {
    const WriteScope& scope = scopes_.at(prefix_key);
    AddPrefixPrecondition(scope, prefix_key, &preconditions);
    // What the prefix's derived ones were granted is no more its own to use.
    const uint64_t quota = scope.prefix->row->quota();
    const uint64_t granted = scope.prefix->row->quota_granted();
    if (quota != 0) {
      Precondition precondition;
      precondition.kind = Precondition::Kind::kQuota;
      precondition.key = prefix_key;
      precondition.limit = quota > granted ? quota - granted : 0;
      preconditions.push_back(std::move(precondition));
    }
  }
  return preconditions;
}

}  // namespace gusu::server
