#include <catch2/catch.hpp>
#include <fstream>

#include "proto/handle/site.h"
#include "server/doors/handle/site.h"
#include "server/doors/handle/site_key.h"
#include "tests/temporary_directory.h"

using namespace gusu;
using gusu::server::HandleSite;

namespace {

HandleSite::Description At(const std::string& host, uint16_t port) {
  HandleSite::Description description;
  description.addresses = {{host, port}};
  description.name = "test";
  return description;
}

}  // namespace

TEST_CASE("a site's serial rises when it says something else, and only then") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("handle.site");
  const auto key = handle::PrivateKey::GenerateRsa(2048);
  const auto serial = [&](const HandleSite::Description& description) {
    return HandleSite::Make(description, key, path).value().serial();
  };
  CHECK(serial(At("192.0.2.1", 2641)) == 1);
  CHECK(serial(At("192.0.2.1", 2641)) == 1);
  CHECK(serial(At("192.0.2.1", 2642)) == 2);
  HandleSite::Description administered = At("192.0.2.1", 2642);
  administered.administration = true;
  CHECK(serial(administered) == 3);
  CHECK(serial(At("192.0.2.1", 2641)) == 4);
  std::ofstream(path, std::ios::trunc) << "not a site";
  const auto broken = HandleSite::Make(administered, key, path);
  CHECK(broken.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(std::string(broken.status().message()), Catch::Contains(path));
}

TEST_CASE("a serial does not become the one that says unknown") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("handle.site");
  const auto key = handle::PrivateKey::GenerateRsa(2048);
  handle::Site last;
  last.serial = 0xfffe;
  std::ofstream(path, std::ios::binary) << handle::EncodeSite(last);
  CHECK(HandleSite::Make(At("192.0.2.1", 2641), key, path).value().serial() == 1);
}

TEST_CASE("a site tells both addresses, what is spoken at them, and the key") {
  HandleSite::Description description = At("2001:db8::1", 2641);
  description.addresses.push_back({"192.0.2.1", 2641});
  const auto key = handle::PrivateKey::GenerateRsa(2048);
  const auto made = HandleSite::Make(description, key, "");
  REQUIRE(made.ok());
  const auto site = handle::DecodeSite(made->bytes());
  REQUIRE(site.ok());
  CHECK(site->attributes == std::vector<std::pair<std::string, std::string>>{
                                {"desc", "test"}, {"alt_addr.1", "192.0.2.1"}});
  REQUIRE(site->servers.size() == 1);
  CHECK(site->servers[0].address[0] == 0x20);
  CHECK(site->servers[0].public_key == key.public_key().Encode());
  CHECK(
      site->servers[0].interfaces ==
      std::vector<handle::SiteInterface>{{handle::kQueryInterface, handle::Transport::kTcp, 2641},
                                         {handle::kQueryInterface, handle::Transport::kUdp, 2641}});
}

TEST_CASE("the key is made once, and a file that holds none is named") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("handle.key");
  const auto made = server::ReadOrMakeSiteKey(path);
  REQUIRE(made.ok());
  const auto again = server::ReadOrMakeSiteKey(path);
  REQUIRE(again.ok());
  CHECK(again->Encode() == made->Encode());
  CHECK(made->public_key().Verify(handle::HashAlgorithm::kSha256, {"text"},
                                  again->Sign(handle::HashAlgorithm::kSha256, {"text"})));
  std::ofstream(path, std::ios::trunc) << "nothing";
  const auto broken = server::ReadOrMakeSiteKey(path);
  CHECK(broken.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(std::string(broken.status().message()), Catch::Contains(path));
}
