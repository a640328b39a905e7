// Builders for the ledger's tests: clocks, changes, and calls that wait for their outcome.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/ledger.h"

namespace gusu::storage {

// A wall clock and a monotonic one that stand still until they are moved.
class ManualClock {
 public:
  void Advance(absl::Duration step) {
    wall_us_ += absl::ToInt64Microseconds(step);
    monotonic_us_ += absl::ToInt64Microseconds(step);
  }
  // The wall clock alone, as when somebody sets it.
  void Jump(absl::Duration step) { wall_us_ += absl::ToInt64Microseconds(step); }
  uint64_t now_us() const { return static_cast<uint64_t>(wall_us_.load()); }
  // Options with these clocks, and a recovery without delay.
  Ledger::Options Options();

 private:
  std::atomic<int64_t> wall_us_ = 1'800'000'000'000'000;
  std::atomic<int64_t> monotonic_us_ = 0;
};

// Forwards to an engine that is not owned, so that a test can look into a store, and open it again.
std::unique_ptr<Engine> Borrow(Engine& engine);

// Ends the test when the store cannot be opened.
std::unique_ptr<Ledger> OpenLedger(Engine& engine, Ledger::Options options);

// One registration of `identifier`, refused when it exists. The record has one value, `text`.
ChangeSet Register(std::string_view identifier, std::string_view text = "text");
// Registration of a code that the ledger assigns.
Change MintChange(std::string_view prefix, std::string_view pattern);
// A further revision of a record.
ChangeSet Update(std::string_view identifier, std::string_view text, uint64_t revision);
ChangeSet WithRequest(ChangeSet set, std::string_view id, uint8_t digest = 1);
// All of them as one set.
ChangeSet Together(std::vector<ChangeSet> sets);

// Row payloads.
std::string RecordPayload(std::string_view identifier, std::string_view text);
// The text of a record's one value; ends the test when the payload is not such a record's.
std::string TextOf(const Row& row);
std::string IdentifierOf(const Row& row);

std::future<AppendOutcome> AppendLater(Ledger& ledger, ChangeSet set);
AppendOutcome Append(Ledger& ledger, ChangeSet set);
// Ends the test when the set is not appended.
Appended MustAppend(Ledger& ledger, ChangeSet set);
// Reason of the error; "appended" or "refused" when there is none.
std::string ReasonOf(const AppendOutcome& outcome);

std::shared_ptr<const View> MustLatest(const Ledger& ledger);

// What holds in every store, whatever happened: revisions strictly increasing, no gap in the leaves
// nor in any prefix's sequence, each resource's leaves linked, head and counters in agreement,
// every record revision in the log readable as it was and in the index of change times, and days'
// counts of registrations and changes those of the log; and CheckTree. Fails the test otherwise.
void CheckStore(const View& view);
// Keys and values of a table, as they are stored.
std::map<std::string, std::string> TableOf(const View& view, char table);
// That root and tiles of the audit tree are those of the openings, by RFC 6962's definitions.
void CheckTree(const View& view);
// That the view has all of a tree that was shown before.
void CheckExtends(const View& view, const TreeHead& shown);
// Leaf hashes, from the openings.
std::vector<Hash> LeavesOf(const View& view);

}  // namespace gusu::storage
