#include "tests/server/reading_store.h"

#include <catch2/catch.hpp>
#include <future>

#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"

namespace gusu::test {
namespace {

namespace stored = storage::v1;

std::string HolderOf(std::string_view prefix) { return prefix == "88.118.9" ? "valves" : "pumps"; }

Change ByBureau(Operation operation, std::string resource) {
  Change change;
  change.operation = operation;
  change.resource = std::move(resource);
  change.actor = "bureau";
  return change;
}

}  // namespace

ReadingStore::ReadingStore() {
  storage::Ledger::Options options;
  options.clock = [this] { return Now(); };
  options.accept_clock = true;
  ledger_ =
      storage::Ledger::Open(std::make_unique<storage::MemoryEngine>(), std::move(options)).value();
  stored::SettingsRow settings;
  settings.set_origin("test");
  settings.add_node_prefixes("88.118");
  settings.set_time_zone("Asia/Shanghai");
  PutRow(storage::SettingsKey(), settings, ByBureau(Operation::kInitialize, "registry"));
  for (const char* id : {"pumps", "valves"}) {
    stored::RegistrantRow registrant;
    registrant.set_legal_name(id);
    registrant.set_state(v1::Registrant::ACTIVE);
    PutRow(storage::RegistrantKey(id), registrant,
           ByBureau(Operation::kApplyRegistrant, std::string("registrants/") + id));
  }
  for (const char* prefix : {"88.118.8", "88.118.9"}) {
    stored::PrefixRow row;
    row.set_prefix(prefix);
    row.set_holder(HolderOf(prefix));
    row.set_state(v1::Prefix::ACTIVE);
    PutRow(storage::PrefixKey(prefix), row,
           ByBureau(Operation::kGrantPrefix, std::string("prefixes/") + prefix));
  }
}

template <typename Row>
uint64_t ReadingStore::PutRow(const std::string& key, const Row& row, Change change) {
  change.rows.push_back({key, row.SerializeAsString()});
  storage::ChangeSet set;
  set.changes.push_back(std::move(change));
  std::promise<storage::AppendOutcome> told;
  ledger_->Append(std::move(set),
                  [&told](storage::AppendOutcome outcome) { told.set_value(std::move(outcome)); });
  const storage::AppendOutcome outcome = told.get_future().get();
  REQUIRE(outcome.ok());
  return std::get<storage::Appended>(*outcome).first.revision;
}

uint64_t ReadingStore::Put(stored::RecordRow record, Operation operation,
                           const std::string& reason) {
  const Identifier identifier = Identifier::Parse(record.identifier()).value();
  record.set_issued_by(HolderOf(identifier.prefix()));
  for (stored::ValueRow& value : *record.mutable_values()) {
    if (value.author().empty()) value.set_author("registrants/" + record.issued_by());
  }
  Change change;
  change.operation = operation;
  change.resource = identifier.name();
  change.prefix_key = std::string(identifier.prefix_key());
  change.registrant = record.issued_by();
  change.actor = "registrants/" + record.issued_by();
  change.credential = "c1";
  change.reason = reason;
  change.adds_record = operation == Operation::kRegister;
  change.commitments = Seal(record);
  return PutRow(storage::RecordKey(identifier.key()), record, std::move(change));
}

stored::RecordRow RecordOf(const std::string& identifier, v1::Record::Level level) {
  stored::RecordRow record;
  record.set_identifier(identifier);
  record.set_level(level);
  record.set_state(v1::Record::ACTIVE);
  return record;
}

stored::ValueRow* AddValue(stored::RecordRow& record, uint32_t index, const std::string& type,
                           const std::string& data, v1::Tier tier) {
  stored::ValueRow* value = record.add_values();
  value->set_index(index);
  value->set_type(type);
  value->set_data(data);
  value->set_ttl(86400);
  value->set_tier(tier);
  return value;
}

server::Caller Anonymous() { return {}; }

server::Caller WriterOf(const std::string& registrant) {
  server::Caller caller;
  caller.role = server::Role::kRegistrantWriter;
  caller.registrant = registrant;
  caller.credential = "c1";
  return caller;
}

server::Caller Auditor() {
  server::Caller caller;
  caller.role = server::Role::kBureauAuditor;
  caller.credential = "b1";
  return caller;
}

}  // namespace gusu::test
