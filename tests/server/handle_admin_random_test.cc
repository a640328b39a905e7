// Messages that are cut and altered, put before the administration.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/random.h"
#include "tests/server/handle_admin_world.h"

namespace gusu::server {
namespace {

using World = HandleAdminWorld;

// As long as the envelope says.
std::string WithLength(std::string request) {
  const auto bytes = static_cast<uint32_t>(request.size() - handle::kEnvelopeBytes);
  handle::Writer(request).PutInt(16, bytes);
  return request;
}

TEST_CASE("what is cut or altered anywhere is answered once, and writes nothing unproved") {
  World world;
  const std::vector<TestValue> values = {{1, "URL", "http://a/"}, {2, "NOTE", "inner", 0x0c}};
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", values)) == "1 88.118.8/A");
  const std::string proof =
      World::AnswerTo(world.Ask(World::Delete("88.118.8/A")).bytes, world.valves);
  const std::vector<std::string> requests = {
      World::Create("88.118.8/B", values),
      World::Add("88.118.8/A", {{5, "NOTE", "n"}}),
      World::Modify("88.118.8/A", values),
      World::Remove("88.118.8/A", {1, 2}),
      World::Delete("88.118.8/A"),
      World::List("0.NA/88.118.8"),
      World::Resolve("88.118.8/A"),
      proof,
      World::Create("88.118.8/", values, handle::kMintSuffix)};
  const uint64_t leaves = world.Leaves();
  for (const std::string& request : requests) {
    for (size_t size = handle::kEnvelopeBytes; size < request.size(); ++size) {
      world.Ask(WithLength(request.substr(0, size)));
    }
  }
  test::Random random("altered requests");
  for (int i = 0; i < 5'000; ++i) {
    std::string request = requests[random.Below(requests.size())];
    for (size_t changes = 1 + random.Below(3); changes > 0; --changes) {
      const size_t at =
          handle::kEnvelopeBytes + random.Below(request.size() - handle::kEnvelopeBytes);
      request[at] = static_cast<char>(random.Below(4) == 0 ? 0xff : random.Below(256));
    }
    world.Ask(request, "192.0.2.9",
              random.Below(2) == 0 ? handle::Transport::kTcp : handle::Transport::kUdp);
  }
  CHECK(world.Leaves() == leaves);
  CHECK(world.administration().challenges().size() <= 32);
}

}  // namespace
}  // namespace gusu::server
