// The audit log as files over HTTP: a tool that knows nothing but tlog-tiles can check all of it.
#include <catch2/catch.hpp>
#include <string>

#include "proto/checkpoint.h"
#include "proto/hash.h"
#include "proto/merkle.h"
#include "proto/text.h"
#include "proto/tile.h"
#include "tests/e2e/api.h"
#include "tests/server/http_peer.h"

namespace gusu::e2e {
namespace {

// A whole response to GET; its status must be 200.
std::string Get(test::HttpPeer& peer, const std::string& path) {
  REQUIRE(peer.Send(Concat("GET ", path, " HTTP/1.1\r\nHost: id.example\r\n\r\n")));
  std::string response = peer.Response();
  REQUIRE(response.starts_with("HTTP/1.1 200 OK\r\n"));
  return response;
}

// The checkpoint of now, opened by the keys that lie beside the server's data.
OpenedCheckpoint ReadCheckpoint(test::HttpPeer& peer, const ServerProcess& server) {
  std::string vkey = ReadWholeFile(server.data() + "/log.vkey");
  vkey = vkey.substr(0, vkey.find('\n'));
  const auto key = VerifierKey::Parse(vkey);
  REQUIRE(key.ok());
  auto opened = OpenCheckpoint(test::BodyOf(Get(peer, "/checkpoint")), {*key});
  INFO(opened.status());
  REQUIRE(opened.ok());
  return *std::move(opened);
}

}  // namespace

TEST_CASE("entries and tiles over HTTP lead to the root that the checkpoint signs") {
  const ServerProcess server;
  const Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  const Api writer(server, pumps.writer_token);
  v1::BatchRegisterRequest batch;
  for (int i = 0; i < 600; ++i) batch.add_rows()->set_identifier(Concat("88.118.8/T", i));
  REQUIRE(writer.Call(writer.registry(), &v1::RegistryService::Stub::BatchRegister, batch).ok());

  const std::string address = server.http_address();
  // All of it over one connection.
  test::HttpPeer peer(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))),
                      true);
  REQUIRE(peer.connected());
  // A checkpoint is published within a second or so.
  OpenedCheckpoint opened = ReadCheckpoint(peer, server);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (opened.checkpoint.head.size < 600 && std::chrono::steady_clock::now() < deadline) {
    opened = ReadCheckpoint(peer, server);
  }
  const TreeHead head = opened.checkpoint.head;
  REQUIRE(head.size >= 600);

  size_t full_count = 0;
  const auto read = [&](const TileAddress& tile) -> absl::StatusOr<std::string> {
    const std::string response = Get(peer, "/" + TilePath(tile));
    CHECK(test::HeaderOf(response, "Cache-Control") == "public, max-age=31536000, immutable");
    if (tile.width == kTileWidth) ++full_count;
    return test::BodyOf(response);
  };
  const auto root = ReadRoot(head.size, ReadNodesFromTiles(head.size, read));
  INFO(root.status());
  REQUIRE(root.ok());
  CHECK(*root == head.root);

  // The entries of each bundle are the leaves of its tile.
  uint64_t leaves = 0;
  for (const TileAddress& bundle : NewEntryBundles(0, head.size)) {
    const auto bytes = read(bundle);
    const auto entries = DecodeEntryBundle(*bytes, bundle.width);
    REQUIRE(entries.ok());
    TileAddress tile = bundle;
    tile.kind = TileAddress::Kind::kHashes;
    const auto hashes = read(tile);
    for (size_t i = 0; i < entries->size(); ++i, ++leaves) {
      const Hash hash = LeafHash((*entries)[i]);
      CHECK(hashes->substr(32 * i, 32) == AsBytes(hash));
    }
  }
  CHECK(leaves == head.size);
  CHECK(full_count >= 4);
}

}  // namespace gusu::e2e
