// Serial ranges against a real server on RocksDB: a billion codes in one call, and what the
// client's library proves of any of them.
#include <catch2/catch.hpp>
#include <filesystem>

#include "gusu/audit.h"
#include "gusu/client.h"
#include "tests/e2e/api.h"

namespace gusu::test {
namespace {

namespace fs = std::filesystem;

// Of all files below; those that end meanwhile count as they were seen.
uint64_t BytesBelow(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    const uint64_t size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

struct Scene {
  e2e::ServerProcess server;
  e2e::Enterprise pumps = e2e::MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Client writer{OptionsOf(pumps.writer_token)};
  Client anybody{OptionsOf("")};

  ClientOptions OptionsOf(const std::string& token) const {
    ClientOptions options;
    options.server = server.address();
    options.ca_pem = server.ca();
    options.token = token;
    return options;
  }
};

AllocateSerialRangeRequest Bolts(uint64_t count, const std::string& pattern) {
  AllocateSerialRangeRequest request;
  request.parent = "prefixes/88.118.8";
  request.pattern = pattern;
  request.count = count;
  request.template_id = "product";
  request.values = {TextValue("name", "Hexagon bolt M8"), TextValue("model", "M8x40")};
  return request;
}

TEST_CASE("a billion codes are one call, any of them resolves, and the store grows by no 10 KB") {
  Scene scene;
  const uint64_t bytes_before = BytesBelow(scene.server.data());
  const auto allocated = scene.writer.AllocateSerialRange(Bolts(1'000'000'000, "BOLT-{serial:10}"));
  REQUIRE(allocated.status() == Status{});
  CHECK(allocated->serial_range.first_identifier == "88.118.8/BOLT-0000000001");
  CHECK(allocated->serial_range.last_identifier == "88.118.8/BOLT-1000000000");
  for (const char* code :
       {"88.118.8/BOLT-0000000001", "88.118.8/bolt-0543210987", "88.118.8/BOLT-1000000000"}) {
    INFO(code);
    const auto resolved = scene.anybody.Resolve(code);
    REQUIRE(resolved.status() == Status{});
    CHECK(resolved->record.state == State::kReserved);
    REQUIRE(resolved->record.values.size() == 3);
    CHECK(resolved->record.values[0].data == "Hexagon bolt M8");
    CHECK(resolved->record.revision == allocated->receipt.revision);
  }
  CHECK(scene.anybody.Resolve("88.118.8/BOLT-0000000000").status().reason ==
        "IDENTIFIER_NOT_FOUND");
  CHECK(scene.anybody.Resolve("88.118.8/BOLT-1000000001").status().reason ==
        "IDENTIFIER_NOT_FOUND");
  // Once more after a restart, when all of it is on disk.
  REQUIRE(scene.server.Stop() == 0);
  const uint64_t bytes_after = BytesBelow(scene.server.data());
  INFO(bytes_before << " bytes before, " << bytes_after << " after");
  CHECK(bytes_after < bytes_before + 10 * 1024);
  scene.server.Start();
  const auto again = scene.anybody.Resolve("88.118.8/BOLT-0999999999");
  REQUIRE(again.status() == Status{});
  CHECK(again->record.identifier == "88.118.8/BOLT-0999999999");
}

TEST_CASE("the answer of a range's code is proven from its bytes alone") {
  Scene scene;
  REQUIRE(scene.writer.AllocateSerialRange(Bolts(1000, "BOLT-{serial:6}{check}")).status() ==
          Status{});
  const auto permuted = scene.writer.AllocateSerialRange(Bolts(1000, "V-{permuted:8}"));
  REQUIRE(permuted.status() == Status{});
  const auto listed = scene.writer.GetSerialRange("prefixes/88.118.8/serialRanges/0-1000");
  REQUIRE(listed.status() == Status{});
  ActivateSerialRangeRequest part;
  part.first_identifier = listed->first_identifier;
  part.last_identifier = listed->first_identifier;
  const auto activated = scene.writer.ActivateSerialRange(part);
  REQUIRE(activated.status() == Status{});

  const auto trusted = scene.anybody.GetCheckpoint();
  REQUIRE(trusted.status() == Status{});
  ResolveOptions options;
  options.include_proof = true;
  struct {
    std::string code;
    std::string range;
    State state;
    bool serial_is_stated;
  } const kCases[] = {
      {listed->first_identifier, "prefixes/88.118.8/serialRanges/0-1", State::kActive, false},
      {listed->last_identifier, "prefixes/88.118.8/serialRanges/0-1000", State::kReserved, false},
      {permuted->serial_range.first_identifier, "prefixes/88.118.8/serialRanges/1-1000",
       State::kReserved, true},
  };
  for (const auto& expected : kCases) {
    INFO(expected.code);
    const auto resolved = scene.anybody.Resolve(expected.code, options);
    REQUIRE(resolved.status() == Status{});
    REQUIRE(resolved->proof);
    const auto verified = VerifyAnswer(*resolved->proof, trusted->vkeys, expected.code);
    INFO(verified.status().message);
    REQUIRE(verified.status() == Status{});
    CHECK(verified->serial_range == expected.range);
    CHECK(verified->serial_is_stated == expected.serial_is_stated);
    CHECK(verified->content.identifier == expected.code);
    CHECK(verified->content.state == expected.state);
    CHECK(verified->stated_revision == resolved->record.revision);
    CHECK(VerifyAnswer(*resolved->proof, trusted->vkeys, "88.118.8/BOLT-0000001").status().reason ==
          "PROOF_INVALID");
  }
}

}  // namespace
}  // namespace gusu::test
