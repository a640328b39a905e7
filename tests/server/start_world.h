// A store, its key and its anchor, started and stopped as a server does.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "server/audit/checkpoints.h"
#include "server/registry_start.h"
#include "storage/memory/memory_engine.h"
#include "tests/server/audit_files.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/temporary_directory.h"

namespace gusu::server::test {

// A data directory whose store outlives its servers, and can be copied and put back.
struct StartWorld {
  TemporaryDirectory directory;
  LogFiles files{{directory.File("log.key"), directory.File("log.vkey")}, directory.File("anchor")};
  storage::ManualClock clock;
  std::unique_ptr<storage::MemoryEngine> store = std::make_unique<storage::MemoryEngine>();
  std::unique_ptr<storage::Ledger> ledger;
  std::unique_ptr<Checkpoints> checkpoints;
  int records = 0;

  absl::Status Start(const LogWays& ways = {}, RegistrySettings settings = {}) {
    Stop();
    ledger = storage::OpenLedger(*store, clock.Options());
    if (!settings.origin) settings.origin = origin;
    auto started = StartRegistry(
        *ledger, settings, files, ways, [] { return Sha256("token"); },
        absl::FromUnixMicros(static_cast<int64_t>(clock.now_us())));
    if (!started.ok()) return started.status();
    Checkpoints::Options options;
    options.origin = started->origin;
    options.signers = started->signers;
    options.publish_interval = absl::Hours(1000);
    auto published = Checkpoints::Start(ledger.get(), *std::move(started->anchor), options);
    if (!published.ok()) return published.status();
    checkpoints = *std::move(published);
    return absl::OkStatus();
  }
  void MustStart(const LogWays& ways = {}) {
    const absl::Status status = Start(ways);
    INFO(status);
    REQUIRE(status.ok());
  }
  // As kill -9 does: what is in the files stays.
  void Stop() {
    checkpoints.reset();
    ledger.reset();
  }
  void Grow(int count) {
    for (int i = 0; i < count; ++i) {
      storage::MustAppend(*ledger, storage::Register("88.118.8/R" + std::to_string(records++)));
    }
    REQUIRE(checkpoints->SignLatest().ok());
  }
  std::unique_ptr<storage::MemoryEngine> CopyOfStore() {
    auto copy = std::make_unique<storage::MemoryEngine>();
    storage::Batch batch;
    REQUIRE((*store->Latest())
                ->Scan("", "",
                       [&batch](std::string_view key, std::string_view value) {
                         batch.Put(std::string(key), std::string(value));
                         return true;
                       })
                .ok());
    REQUIRE(copy->Commit(batch).outcome == storage::CommitResult::Outcome::kApplied);
    return copy;
  }
  void PutBack(std::unique_ptr<storage::MemoryEngine> copy) {
    Stop();
    store = std::move(copy);
  }
  const storage::v1::SettingsRow& Settings() const {
    view = *ledger->Latest();
    return *view->directory().settings()->row;
  }
  uint64_t LeafCount() const { return HeadOf(*ledger).size; }
  Change LastChange() const { return *(*ledger->Latest())->ReadChange(LeafCount() - 1); }
  std::string Signed() const { return checkpoints->SignLatest()->checkpoint->note; }
  std::string Write(const std::string& name, const std::string& content) const {
    return directory.Write(name, content);
  }

  std::string origin = kOrigin;
  mutable std::shared_ptr<const storage::View> view;
  ~StartWorld() {
    view.reset();
    Stop();
  }
};

inline bool Mentions(const absl::Status& status, const std::string& text) {
  return std::string(status.message()).find(text) != std::string::npos;
}

}  // namespace gusu::server::test
