#include "tests/server/registry_world.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <map>

#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/record_effects.h"
#include "server/record_message.h"
#include "server/registrar_index.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/template.h"
#include "storage/memory/memory_engine.h"

namespace gusu::server {
namespace {

// The ledger asks for the time before each commit.
std::unique_ptr<storage::Ledger> OpenLedger(std::mutex* committing) {
  storage::Ledger::Options options;
  options.clock = [committing] {
    const std::lock_guard lock(*committing);
    return absl::FromUnixSeconds(1'767'225'600);
  };
  options.accept_clock = true;
  auto ledger =
      storage::Ledger::Open(std::make_unique<storage::MemoryEngine>(), std::move(options));
  REQUIRE(ledger.ok());
  return *std::move(ledger);
}

storage::v1::PrefixRow PrefixOf(const std::string& prefix, const std::string& holder) {
  storage::v1::PrefixRow row;
  row.set_prefix(prefix);
  row.set_holder(holder);
  row.set_state(v1::Prefix::ACTIVE);
  return row;
}

storage::v1::RegistrantRow RegistrantNamed(const std::string& name, v1::Registrant::State state) {
  storage::v1::RegistrantRow row;
  row.set_legal_name(name);
  row.set_state(state);
  return row;
}

}  // namespace

RegistryWorld::RegistryWorld()
    : ledger_(OpenLedger(&committing_)), registry_(ledger_.get(), nullptr) {
  Put(storage::RegistrantKey("sz-pumps"), RegistrantNamed("Suzhou Pumps", v1::Registrant::ACTIVE));
  Put(storage::RegistrantKey("sz-valves"),
      RegistrantNamed("Suzhou Valves", v1::Registrant::ACTIVE));
  Put(storage::RegistrantKey("sz-asleep"),
      RegistrantNamed("Suzhou Asleep", v1::Registrant::SUSPENDED));
  storage::v1::CredentialRow credential;
  credential.set_registrant("sz-pumps");
  credential.set_id("c1");
  Put(storage::CredentialKey("sz-pumps", "c1"), credential);
  Put(storage::PrefixKey("88.118.8"), PrefixOf("88.118.8", "sz-pumps"));
  Put(storage::PrefixKey("88.118.9"), PrefixOf("88.118.9", "sz-valves"));
  storage::v1::PrefixRow suspended = PrefixOf("88.118.10", "sz-pumps");
  suspended.set_state(v1::Prefix::SUSPENDED);
  Put(storage::PrefixKey("88.118.10"), suspended);
  storage::v1::PrefixRow limited = PrefixOf("88.118.11", "sz-pumps");
  limited.set_quota(3);
  Put(storage::PrefixKey("88.118.11"), limited);
  storage::v1::PrefixRow checked = PrefixOf("88.118.12", "sz-pumps");
  checked.set_suffix_characters_max(8);
  checked.set_check_scheme(v1::SuffixPolicy::MOD37_36);
  Put(storage::PrefixKey("88.118.12"), checked);
  Put(storage::PrefixKey("88.118.13"), PrefixOf("88.118.13", "sz-asleep"));
  first_leaf_ = View()->leaf_count();
  first_revision_ = View()->last_revision() + 1;
}

Caller RegistryWorld::Writer(const std::string& registrant) const {
  Caller caller;
  caller.role = Role::kRegistrantWriter;
  caller.registrant = registrant;
  if (registrant == "sz-pumps") {
    caller.credential = "c1";
    caller.proof_key = storage::CredentialKey(registrant, "c1");
    caller.proof_revision = *View()->directory().RevisionAt(caller.proof_key);
  }
  return caller;
}

Caller RegistryWorld::WithRole(Role role) {
  Caller caller;
  caller.role = role;
  return caller;
}

void RegistryWorld::Put(const std::string& key, const google::protobuf::Message& row) {
  storage::ChangeSet set;
  ::gusu::Change& change = set.changes.emplace_back();
  change.operation = Operation::kGrantPrefix;
  change.resource = "a row of the test";
  change.actor = "bureau";
  change.rows.push_back({key, row.SerializeAsString()});
  if (const auto* prefix = dynamic_cast<const storage::v1::PrefixRow*>(&row)) {
    const std::string prefix_key = ToKey(prefix->prefix());
    const auto view = View();
    const auto* before = view->directory().FindPrefix(prefix_key);
    IndexPrefix(prefix_key, before == nullptr ? nullptr : before->row.get(), *prefix, &change);
  }
  if (const auto* record = dynamic_cast<const storage::v1::RecordRow*>(&row)) {
    const auto identifier = Identifier::Parse(record->identifier());
    REQUIRE(identifier.ok());
    const auto view = View();
    const auto stored = ReadRecord(*view, identifier->key(), view->last_revision());
    REQUIRE(stored.ok());
    AddRecordEffects(stored->has_value() ? (*stored)->row.get() : nullptr, *record,
                     FindTemplate(view->directory(), record->template_id()).get(),
                     identifier->prefix_key(), identifier->suffix_key(), &change);
  }
  std::promise<storage::AppendOutcome> outcome;
  ledger_->Append(std::move(set), [&outcome](storage::AppendOutcome answered) {
    outcome.set_value(std::move(answered));
  });
  auto answered = outcome.get_future().get();
  INFO(answered.status().ToString());
  REQUIRE(answered.ok());
  REQUIRE(std::holds_alternative<storage::Appended>(*answered));
}

std::string RegistryWorld::Register(const std::string& row, const std::string& request_id) {
  const std::string id = request_id.empty() ? "" : Concat(" request_id: \"", request_id, "\"");
  return RegisterAs(Writer("sz-pumps"), Concat("row { ", row, id, " }"));
}

std::string RegistryWorld::RegisterAs(const Caller& caller, const std::string& request) {
  auto response = Call(&Registry::Register, FromText<v1::RegisterRequest>(request), caller);
  return response.ok() ? Show(response->result()) : ShowError(response.status());
}

std::string RegistryWorld::Batch(const std::string& request) {
  return BatchAs(Writer("sz-pumps"), request);
}

std::string RegistryWorld::BatchAs(const Caller& caller, const std::string& request) {
  auto response =
      Call(&Registry::BatchRegister, FromText<v1::BatchRegisterRequest>(request), caller);
  if (!response.ok()) return ShowError(response.status());
  std::string shown;
  for (const v1::RegisterResult& result : response->results()) shown += Show(result) + "\n";
  return shown;
}

std::string RegistryWorld::Stream(const std::string& request) {
  const auto asked = FromText<v1::StreamRegisterRequest>(request);
  std::promise<absl::StatusOr<v1::StreamRegisterResponse>> answer;
  registry_.RegisterRows(asked, 100, Writer("sz-pumps"),
                         [&answer](auto response) { answer.set_value(std::move(response)); });
  auto response = answer.get_future().get();
  if (!response.ok()) return ShowError(response.status());
  std::string shown;
  for (const v1::RowOutcome& outcome : response->outcomes()) {
    shown += Concat(
        outcome.row_index(), " ",
        outcome.has_result() ? Show(outcome.result()) : ShowError(FromRpcStatus(outcome.error())),
        "\n");
  }
  return shown;
}

std::string RegistryWorld::Stored(const std::string& identifier) const {
  auto row = View()->Get(storage::RecordKey(ToKey(identifier)));
  REQUIRE(row.ok());
  if (!row->has_value()) return "";
  storage::v1::RecordRow record;
  REQUIRE(record.ParseFromString((*row)->payload));
  v1::Record shown;
  const std::string holder = PrefixHolder(View()->directory(), PrefixKeyIn(ToKey(identifier)));
  FillWholeRecord(record, holder, (*row)->revision, (*row)->leaf_index, &shown);
  return Show(shown);
}

std::string RegistryWorld::Etag(const std::string& identifier) const {
  auto row = View()->Get(storage::RecordKey(ToKey(identifier)));
  REQUIRE((row.ok() && row->has_value()));
  return EtagOf((*row)->revision);
}

std::string RegistryWorld::Ordinal(uint64_t revision) const {
  return std::to_string(revision - first_revision_);
}

std::string RegistryWorld::Show(const v1::RegisterResult& result) const {
  CHECK(result.name() == RecordName(result.identifier()));
  CHECK(result.receipt().revision() - first_revision_ ==
        result.receipt().leaf_index() - first_leaf_);
  std::string etag = "?";
  for (uint64_t i = 0; i <= View()->last_revision() - first_revision_; ++i) {
    if (EtagOf(first_revision_ + i) == result.etag()) etag = std::to_string(i);
  }
  return Concat(v1::RegisterResult::Outcome_Name(result.outcome()), " ", result.identifier(),
                " leaf ", Ordinal(result.receipt().revision()), " etag ", etag);
}

std::string RegistryWorld::Show(const v1::Record& record) const {
  std::string shown = Concat(record.identifier(), " ", v1::Record::Level_Name(record.level()), " ",
                             v1::Record::State_Name(record.state()));
  if (record.has_instance_of()) shown += Concat(" of ", record.instance_of().identifier());
  if (!record.template_().empty()) {
    shown += Concat(" ", record.template_(), " ", record.template_version());
  }
  if (!record.suspension_reason().empty()) shown += Concat(" since ", record.suspension_reason());
  if (record.has_retirement()) {
    shown += Concat(" ", v1::Retirement::Reason_Name(record.retirement().reason()), " ",
                    record.retirement().text(), " ", record.retirement().successor());
  }
  for (const v1::Value& value : record.values()) {
    shown += Concat(" ", value.index(), ":", value.type(), "=", value.data());
    if (value.tier() != v1::PUBLIC) shown += Concat("(", v1::Tier_Name(value.tier()), ")");
  }
  shown += Concat(" by ", record.issued_by());
  for (const int tier : record.erased_tiers()) {
    shown += Concat(" erased ", v1::Tier_Name(static_cast<v1::Tier>(tier)));
  }
  return Concat(shown, " leaf ", Ordinal(record.revision()));
}

std::string RegistryWorld::ShowError(const absl::Status& status) {
  const google::rpc::Status wire = ToRpcStatus(status);
  std::string shown = Concat(absl::StatusCodeToString(status.code()), " ", ErrorReason(status));
  google::rpc::ErrorInfo info;
  if (wire.details_size() > 0) wire.details(0).UnpackTo(&info);
  const std::map<std::string, std::string> metadata(info.metadata().begin(), info.metadata().end());
  for (const auto& [key, value] : metadata) shown += Concat(" ", key, "=", value);
  if (shown.ends_with(' ')) shown += std::string(status.message().data(), status.message().size());
  return shown;
}

}  // namespace gusu::server
