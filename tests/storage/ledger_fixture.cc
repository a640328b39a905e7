#include "tests/storage/ledger_fixture.h"

#include <stdexcept>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"

namespace gusu::storage {
namespace {

class BorrowedEngine final : public Engine {
 public:
  explicit BorrowedEngine(Engine& engine) : engine_(engine) {}
  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() override { return engine_.Latest(); }
  CommitResult Commit(const Batch& batch) override { return engine_.Commit(batch); }
  absl::Status Recover(absl::Duration patience) override { return engine_.Recover(patience); }
  absl::StatusOr<std::vector<StoredFile>> Files() override { return engine_.Files(); }
  absl::Status VerifyFile(const std::string& name) override { return engine_.VerifyFile(name); }
  bool MayBlock() const override { return engine_.MayBlock(); }

 private:
  Engine& engine_;
};

// A test's own mistake, or a ledger that does not do the least: the case ends here.
void Require(bool holds, const std::string& message) {
  if (!holds) throw std::runtime_error(message);
}

Identifier MustParse(std::string_view text) {
  auto identifier = Identifier::Parse(text);
  Require(identifier.ok(), identifier.status().ToString());
  return *std::move(identifier);
}

Change RecordChange(Operation operation, std::string_view prefix) {
  Change change;
  change.operation = operation;
  change.prefix_key = ToKey(prefix);
  change.registrant = "sz-pumps";
  change.actor = "registrants/sz-pumps";
  change.credential = "k1";
  change.commitments.push_back({"BODY", Sha256("body")});
  return change;
}

}  // namespace

Ledger::Options ManualClock::Options() {
  Ledger::Options options;
  options.clock = [this] { return absl::FromUnixMicros(wall_us_); };
  options.monotonic_clock = [this] { return absl::FromUnixMicros(monotonic_us_); };
  options.recovery_delay_min = absl::Microseconds(1);
  options.recovery_delay_max = absl::Microseconds(1);
  return options;
}

std::unique_ptr<Engine> Borrow(Engine& engine) { return std::make_unique<BorrowedEngine>(engine); }

std::unique_ptr<Ledger> OpenLedger(Engine& engine, Ledger::Options options) {
  auto ledger = Ledger::Open(Borrow(engine), std::move(options));
  Require(ledger.ok(), ledger.status().ToString());
  return *std::move(ledger);
}

std::string RecordPayload(std::string_view identifier, std::string_view text) {
  v1::RecordRow row;
  row.set_identifier(std::string(identifier));
  row.set_issued_by("sz-pumps");
  row.set_state(2);
  v1::ValueRow* value = row.add_values();
  value->set_index(1);
  value->set_type("URL");
  value->set_data(std::string(text));
  value->set_tier(1);
  return row.SerializeAsString();
}

std::string TextOf(const Row& row) {
  v1::RecordRow record;
  Require(record.ParseFromString(row.payload), "not a RecordRow");
  Require(record.values_size() == 1, "not one value");
  return record.values(0).data();
}

std::string IdentifierOf(const Row& row) {
  v1::RecordRow record;
  Require(record.ParseFromString(row.payload), "not a RecordRow");
  return record.identifier();
}

ChangeSet Register(std::string_view identifier, std::string_view text) {
  const Identifier parsed = MustParse(identifier);
  Change change = RecordChange(Operation::kRegister, parsed.prefix());
  change.resource = parsed.name();
  change.adds_record = true;
  change.counts = {{kCreated, 1}};
  change.rows.push_back({RecordKey(parsed.key()), RecordPayload(identifier, text)});
  Precondition absent;
  absent.key = RecordKey(parsed.key());
  change.preconditions.push_back(absent);
  ChangeSet set;
  set.changes.push_back(std::move(change));
  return set;
}

Change MintChange(std::string_view prefix, std::string_view pattern) {
  Change change = RecordChange(Operation::kRegister, prefix);
  change.adds_record = true;
  change.counts = {{kCreated, 1}};
  change.rows.push_back({"", RecordPayload("", "minted")});
  auto parsed = SuffixPattern::Parse(pattern, CheckScheme::kMod37_36);
  Require(parsed.ok(), parsed.status().ToString());
  change.mint = MintRequest{std::string(prefix), *std::move(parsed)};
  return change;
}

ChangeSet Update(std::string_view identifier, std::string_view text, uint64_t revision) {
  ChangeSet set = Register(identifier, text);
  Change& change = set.changes[0];
  change.operation = Operation::kUpdate;
  change.adds_record = false;
  change.counts = {{kChanged, 1}};
  change.preconditions[0].kind = Precondition::Kind::kRevision;
  change.preconditions[0].revision = revision;
  return set;
}

ChangeSet WithRequest(ChangeSet set, std::string_view id, uint8_t digest) {
  set.request = ChangeSet::Request{"sz-pumps", std::string(id), {}};
  set.request->digest.fill(digest);
  return set;
}

ChangeSet Together(std::vector<ChangeSet> sets) {
  ChangeSet together;
  for (ChangeSet& set : sets) {
    for (Change& change : set.changes) together.changes.push_back(std::move(change));
  }
  return together;
}

std::future<AppendOutcome> AppendLater(Ledger& ledger, ChangeSet set) {
  auto promise = std::make_shared<std::promise<AppendOutcome>>();
  std::future<AppendOutcome> outcome = promise->get_future();
  ledger.Append(std::move(set),
                [promise](AppendOutcome told) { promise->set_value(std::move(told)); });
  return outcome;
}

AppendOutcome Append(Ledger& ledger, ChangeSet set) {
  return AppendLater(ledger, std::move(set)).get();
}

Appended MustAppend(Ledger& ledger, ChangeSet set) {
  const AppendOutcome outcome = Append(ledger, std::move(set));
  Require(ReasonOf(outcome) == "appended", ReasonOf(outcome) + " " + outcome.status().ToString());
  return std::get<Appended>(*outcome);
}

std::string ReasonOf(const AppendOutcome& outcome) {
  if (!outcome.ok()) return ErrorReason(outcome.status());
  return std::holds_alternative<Appended>(*outcome) ? "appended" : "refused";
}

std::shared_ptr<const View> MustLatest(const Ledger& ledger) {
  auto view = ledger.Latest();
  Require(view.ok(), view.status().ToString());
  return *std::move(view);
}

}  // namespace gusu::storage
