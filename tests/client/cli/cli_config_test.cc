#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "client/cli/config_file.h"
#include "client/cli/settings.h"
#include "client/cli/tls_probe.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

TEST_CASE("the configuration stands below XDG_CONFIG_HOME, else below the home") {
  CHECK(ConfigDirectory("/x", "/home/me") == "/x/gusu");
  CHECK(ConfigDirectory("", "/home/me") == "/home/me/.config/gusu");
  CHECK(ConfigDirectory("relative", "/home/me") == "/home/me/.config/gusu");
  CHECK(ConfigDirectory("", "").empty());
}

TEST_CASE("a profile is found by its name, and what is not known is refused") {
  const std::string text =
      "[profiles.default]\nserver = \"a:1\"\n[profiles.test]\nca = \"/ca\"\ntoken-file = \"/t\"\n";
  const auto found = FindProfile(text, "test");
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  CHECK((*found)->server.empty());
  CHECK((*found)->ca == "/ca");
  CHECK((*found)->token_file == "/t");
  CHECK_FALSE(FindProfile(text, "other")->has_value());
  CHECK_FALSE(FindProfile("", "default")->has_value());
  CHECK(
      FindProfile("[profiles.default]\nsever = \"a\"\n", "default").failure().message ==
      "the configuration is wrong: profiles.default.sever is none of server, ca, token-file, vkey");
  CHECK_FALSE(FindProfile("[profiles.default]\nserver = 7\n", "default").ok());
  CHECK_FALSE(FindProfile("server = \"a\"\n", "default").ok());
  CHECK_FALSE(FindProfile("[profiles", "default").ok());
}

TEST_CASE("trust is written into a profile, and everything else stays") {
  const auto fresh = WithTrust("", "default", "a:1", "/ca \"1\"");
  REQUIRE(fresh.ok());
  CHECK(*fresh == "[profiles.default]\nserver = \"a:1\"\nca = \"/ca \\\"1\\\"\"\n");
  const std::string text =
      "# mine\n[profiles.default]\nca = \"/old\"  # old\ntoken-file = \"/t\"\n\n[profiles.x]\n"
      "ca = \"/x\"\n";
  const auto changed = WithTrust(text, "default", "a:1", "/new");
  REQUIRE(changed.ok());
  CHECK(*changed ==
        "# mine\n[profiles.default]\nserver = \"a:1\"\nca = \"/new\"\ntoken-file = \"/t\"\n\n"
        "[profiles.x]\nca = \"/x\"\n");
  CHECK_FALSE(WithTrust("profiles = 1\n", "default", "a:1", "/ca").ok());
}

TEST_CASE("a setting comes from the flag, else the environment, else the profile") {
  const TemporaryDirectory home;
  std::filesystem::create_directories(home.path() + "/gusu");
  std::ofstream(home.path() + "/gusu/config.toml")
      << "[profiles.default]\nserver = \"profile:1\"\nca = \"/profile/ca\"\n";
  Environment environment;
  GlobalFlags flags;
  CHECK(ResolveSettings(flags, environment)->server == "127.0.0.1:7440");
  environment.xdg_config_home = home.path();
  CHECK(ResolveSettings(flags, environment)->server == "profile:1");
  environment.server = "environment:1";
  environment.token_file = "/environment/token";
  flags.ca = "/flag/ca";
  const auto settings = ResolveSettings(flags, environment);
  REQUIRE(settings.ok());
  CHECK(settings->server == "environment:1");
  CHECK(settings->token_file == "/environment/token");
  CHECK(settings->ca_file == "/flag/ca");
  flags.profile = "none";
  CHECK_FALSE(ResolveSettings(flags, environment).ok());
  CHECK(ResolveSettings(flags, environment, MissingProfile::kIsEmpty).ok());
}

TEST_CASE("a data directory gives address, authority and token of its server") {
  const TemporaryDirectory data;
  GlobalFlags flags;
  flags.data = data.path();
  const auto stopped = ResolveSettings(flags, {});
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.failure().exit_code == ExitCode::kUnreachable);
  std::ofstream(data.path() + "/grpc.address") << "127.0.0.1:4711\n";
  std::ofstream(data.path() + "/bureau-admin.token") << "gusu_x\n";
  std::filesystem::create_directories(data.path() + "/tls");
  std::ofstream(data.path() + "/tls/ca.crt") << "x";
  Environment environment;
  environment.server = "environment:1";
  const auto settings = ResolveSettings(flags, environment);
  REQUIRE(settings.ok());
  CHECK(settings->server == "127.0.0.1:4711");
  CHECK(settings->ca_file == data.path() + "/tls/ca.crt");
  CHECK(settings->token_file == data.path() + "/bureau-admin.token");
}

TEST_CASE("fingerprints compare without regard to case and colons") {
  std::string plain, written;
  for (int i = 0; i < 32; ++i) {
    plain += "ab";
    written += i == 0 ? "AB" : ":AB";
  }
  CHECK(SameFingerprint(plain, written));
  CHECK(SameFingerprint("sha256:" + plain, written));
  CHECK_FALSE(SameFingerprint(plain.substr(2), written));
  CHECK_FALSE(SameFingerprint("", ""));
  CHECK_FALSE(SameFingerprint("cd" + plain.substr(2), written));
}

}  // namespace
}  // namespace gusu::cli
