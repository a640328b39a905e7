#include "server/page_secret.h"

#include <catch2/catch.hpp>
#include <set>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "storage/keys.h"
#include "tests/random.h"

namespace gusu::server {
namespace {

std::shared_ptr<const storage::Directory> RegistryWithSalt(const std::string& salt) {
  storage::v1::SettingsRow settings;
  settings.set_body_salt(salt);
  const auto directory = storage::Directory().With(
      {{storage::SettingsKey(), storage::Row{1, 0, settings.SerializeAsString()}}});
  REQUIRE(directory.ok());
  return *directory;
}

bool IsRefused(const PageSecret& secret, const std::string& concealed) {
  const auto position = secret.Reveal(concealed);
  return !position.ok() && ErrorReason(position.status()) == "PAGE_TOKEN_INVALID";
}

TEST_CASE("a position is concealed, and revealed as it was, by every server of the registry") {
  gusu::test::Random random("page secrets");
  const PageSecret secret(*RegistryWithSalt("a")), other_server(*RegistryWithSalt("a"));
  std::set<std::string> concealed;
  for (int i = 0; i < 500; ++i) {
    const std::string position = random.Bytes(8 + random.Below(300));
    const std::string text = secret.Conceal(position);
    REQUIRE(text.size() == position.size() + 16);
    REQUIRE(text.find(position) == text.npos);
    REQUIRE(text == secret.Conceal(position));
    REQUIRE(other_server.Reveal(text).value() == position);
    // No two positions are masked alike.
    REQUIRE(concealed.insert(text.substr(0, 16)).second);
  }
  CHECK(secret.Reveal("").value().empty());
}

TEST_CASE("what was not concealed by this registry, or was changed since, is refused") {
  const PageSecret secret(*RegistryWithSalt("a"));
  const std::string text = secret.Conceal("88.118.8/HP-1");
  CHECK(IsRefused(PageSecret(*RegistryWithSalt("b")), text));
  CHECK(IsRefused(PageSecret(storage::Directory()), text));
  for (size_t i = 0; i < text.size(); ++i) {
    std::string wrong = text;
    wrong[i] ^= 1;
    REQUIRE(IsRefused(secret, wrong));
    REQUIRE(IsRefused(secret, text.substr(0, i == 0 ? 1 : i)));
  }
  CHECK(IsRefused(secret, text + '\0'));
}

}  // namespace
}  // namespace gusu::server
