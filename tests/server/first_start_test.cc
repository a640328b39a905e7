#include "server/first_start.h"

#include <catch2/catch.hpp>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "server/access.h"
#include "storage/memory/memory_engine.h"

namespace gusu::server {
namespace {

std::unique_ptr<storage::Ledger> EmptyLedger() {
  auto ledger = storage::Ledger::Open(std::make_unique<storage::MemoryEngine>(), {});
  REQUIRE(ledger.ok());
  return *std::move(ledger);
}

const storage::v1::SettingsRow& StoredBy(const storage::View& view) {
  REQUIRE(view.directory().settings() != nullptr);
  return *view.directory().settings()->row;
}

TEST_CASE("a first start stores the settings as leaf 0 and the bureau's credential as leaf 1") {
  auto ledger = EmptyLedger();
  RegistrySettings settings;
  settings.origin = "registry.example/log";
  settings.node_prefixes = {"88.200", "88.201"};
  settings.public_url = "https://id.example";
  settings.time_zone = "UTC";
  REQUIRE(EnsureInitialized(*ledger, settings, Sha256("gusu_t"), absl::Now()).ok());
  const auto view = *ledger->Latest();
  CHECK(view->leaf_count() == 2);
  const storage::v1::SettingsRow& stored = StoredBy(*view);
  CHECK(stored.origin() == "registry.example/log");
  REQUIRE(stored.node_prefixes_size() == 2);
  CHECK(stored.node_prefixes(1) == "88.201");
  CHECK(stored.public_url() == "https://id.example");
  CHECK(stored.time_zone() == "UTC");
  CHECK(view->directory().settings()->leaf_index == 0);
  CHECK(view->ReadChange(0)->operation == Operation::kInitialize);
  CHECK(view->ReadChange(1)->operation == Operation::kCreateCredential);
  Proof proof;
  proof.bearer = "gusu_t";
  CHECK(Authenticate(*view, proof, absl::Now())->role == Role::kBureauAdmin);
}

TEST_CASE("what is not given at a first start has a default") {
  auto ledger = EmptyLedger();
  REQUIRE(EnsureInitialized(*ledger, {}, Sha256("t"), absl::Now()).ok());
  const auto view = *ledger->Latest();
  const storage::v1::SettingsRow& stored = StoredBy(*view);
  CHECK(stored.time_zone() == "Asia/Shanghai");
  REQUIRE(stored.node_prefixes_size() == 1);
  CHECK(stored.node_prefixes(0) == "88.118");
  CHECK(stored.public_url().empty());
  const size_t slash = stored.origin().rfind('/');
  REQUIRE(slash != std::string::npos);
  CHECK(stored.origin().size() - slash == 9);
}

TEST_CASE("a later start changes nothing, with the same settings or without any") {
  auto ledger = EmptyLedger();
  RegistrySettings settings;
  settings.origin = "registry.example/log";
  settings.node_prefixes = {"88.200"};
  REQUIRE(EnsureInitialized(*ledger, settings, Sha256("t"), absl::Now()).ok());
  CHECK(EnsureInitialized(*ledger, settings, Sha256("other"), absl::Now()).ok());
  CHECK(EnsureInitialized(*ledger, {}, Sha256("other"), absl::Now()).ok());
  CHECK((*ledger->Latest())->leaf_count() == 2);
}

TEST_CASE("a later start with another setting is refused, naming it, both values and the way on") {
  auto ledger = EmptyLedger();
  RegistrySettings stored;
  stored.origin = "registry.example/log";
  REQUIRE(EnsureInitialized(*ledger, stored, Sha256("t"), absl::Now()).ok());
  const auto refused = [&](const RegistrySettings& given) {
    const absl::Status status = EnsureInitialized(*ledger, given, Sha256("t"), absl::Now());
    CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
    CHECK(ErrorReason(status) == "SETTING_DIFFERS");
    return std::string(status.message());
  };
  RegistrySettings given;
  given.origin = "other";
  CHECK(refused(given) ==
        "this registry has origin registry.example/log, not other: leave out --origin, or begin a "
        "new registry in another --data");
  given = {};
  given.node_prefixes = {"88.118", "88.119"};
  CHECK(refused(given) ==
        "this registry has node-prefix 88.118, not 88.118, 88.119: leave out --node-prefix, or "
        "begin a new registry in another --data");
  given = {};
  given.time_zone = "UTC";
  CHECK_FALSE(refused(given).empty());
  given = {};
  given.public_url = "https://id.example";
  CHECK_FALSE(refused(given).empty());
}

TEST_CASE("a setting that cannot be is refused, and nothing is stored") {
  auto ledger = EmptyLedger();
  RegistrySettings settings;
  SECTION("an origin with a space") { settings.origin = "my log"; }
  SECTION("a node prefix that is none") { settings.node_prefixes = {"88..1"}; }
  SECTION("a time zone that does not exist") { settings.time_zone = "Asia/Suzhou"; }
  const absl::Status status = EnsureInitialized(*ledger, settings, Sha256("t"), absl::Now());
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(ErrorReason(status) == "SETTING_INVALID");
  CHECK((*ledger->Latest())->leaf_count() == 0);
}

}  // namespace
}  // namespace gusu::server
