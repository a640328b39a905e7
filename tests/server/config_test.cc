#include "server/config.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

absl::StatusOr<CommandLine> Parse(std::vector<std::string> arguments) {
  std::vector<const char*> argv = {"gusud"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data());
}

std::string ErrorOf(std::vector<std::string> arguments) {
  const auto parsed = Parse(std::move(arguments));
  if (parsed.ok()) return "accepted";
  REQUIRE(parsed.status().code() == absl::StatusCode::kInvalidArgument);
  return std::string(parsed.status().message());
}

std::string WriteFile(const TemporaryDirectory& directory, const std::string& content) {
  const std::string path = directory.File("gusud.toml");
  std::ofstream(path) << content;
  return path;
}

TEST_CASE("a data directory is all that a server needs to be told") {
  const auto parsed = Parse({"--data", "/d"});
  REQUIRE(parsed.ok());
  const Config& config = parsed->config;
  CHECK(config.data == "/d");
  CHECK(config.engine == Config::Engine::kRocksDb);
  CHECK(config.grpc.ToString() == "127.0.0.1:7440");
  CHECK(config.tls);
  CHECK(config.tls_names.empty());
  REQUIRE(config.handle.has_value());
  CHECK(config.handle->ToString() == "127.0.0.1:2641");
  CHECK_FALSE(config.handle_admin);
  CHECK(config.handle_sites.empty());
  CHECK(config.handle_service.empty());
  CHECK_FALSE(config.origin.has_value());
  CHECK(config.node_prefixes.empty());
  CHECK_FALSE(config.public_url.has_value());
  CHECK_FALSE(config.time_zone.has_value());
  CHECK(config.log_level == LogLevel::kInfo);
  CHECK_FALSE(config.accept_clock);
  CHECK_FALSE(parsed->check);
  CHECK_FALSE(parsed->print.has_value());
}

TEST_CASE("only the memory engine does without a data directory") {
  CHECK(ErrorOf({}) == "data is missing: give --data DIR");
  CHECK(ErrorOf({"--engine", "memory"}) == "accepted");
}

TEST_CASE("a file gives what no flag gives, and a flag counts more") {
  const TemporaryDirectory directory;
  const std::string path = WriteFile(directory,
                                     "# the registry of Suzhou\n"
                                     "data = \"/var/lib/gu#su\"\n"
                                     "grpc = '[::1]:0'\n"
                                     "node-prefix = [\"88.118\", \"88.119\"]  # two\n"
                                     "public-url = \"https://id.example.org/gusu\"\n"
                                     "time-zone = \"Asia/Tokyo\"\n"
                                     "log-level = \"debug\"\n"
                                     "accept-clock = true\n");
  const auto parsed = Parse({"--config", path, "--log-level", "error", "--origin", "suzhou/1"});
  REQUIRE(parsed.ok());
  const Config& config = parsed->config;
  CHECK(config.data == "/var/lib/gu#su");
  CHECK(config.grpc.host == "::1");
  CHECK(config.grpc.ToString() == "[::1]:0");
  CHECK(config.node_prefixes == std::vector<std::string>{"88.118", "88.119"});
  CHECK(config.public_url == "https://id.example.org/gusu");
  CHECK(config.time_zone == "Asia/Tokyo");
  CHECK(config.origin == "suzhou/1");
  CHECK(config.log_level == LogLevel::kError);
  CHECK(config.accept_clock);
}

TEST_CASE("an error of a file names its line and the key") {
  const TemporaryDirectory directory;
  const auto error_of = [&](const std::string& content) {
    const std::string path = WriteFile(directory, content);
    const std::string error = ErrorOf({"--config", path});
    REQUIRE(error.rfind(path, 0) == 0);
    return error.substr(path.size());
  };
  CHECK(error_of("data = \"/d\"\n\ndatta = \"/e\"\n") == ":3: unknown key \"datta\"");
  CHECK(error_of("config = \"x\"\n") == ":1: unknown key \"config\"");
  CHECK(error_of("[server]\ndata = \"/d\"\n") ==
        ":1: server must be a string in quotes, true or false, or a list of strings");
  CHECK(error_of("data = 1\n") ==
        ":1: data must be a string in quotes, true or false, or a list of strings");
  CHECK(error_of("data = true\n") == ":1: data must be a string in quotes");
  CHECK(error_of("accept-clock = \"yes\"\n") == ":1: accept-clock must be true or false");
  CHECK(error_of("data = [\"a\", \"b\"]\n") == ":1: data takes one value");
  CHECK(error_of("data = \"/d\"\ndata = \"/e\"\n").rfind(":2: ", 0) == 0);
  CHECK(error_of("data = /d\n").rfind(":1: ", 0) == 0);
}

TEST_CASE("a file that is not there is named") {
  CHECK(ErrorOf({"--config", "/nowhere/gusud.toml"}) ==
        "config \"/nowhere/gusud.toml\": No such file or directory");
}

TEST_CASE("a wrong value is refused with its key, its text and what is expected") {
  const std::string address = "must be HOST:PORT, for example 127.0.0.1:7440 or [::1]:7440";
  const auto error_of = [](std::string flag, std::string value) {
    return ErrorOf({"--data", "/d", std::move(flag), std::move(value)});
  };
  CHECK(error_of("--engine", "sqlite") == "engine \"sqlite\": must be rocksdb or memory");
  CHECK(error_of("--grpc", "7440") == "grpc \"7440\": " + address);
  CHECK(error_of("--grpc", "h:70000") == "grpc \"h:70000\": " + address);
  CHECK(error_of("--grpc", "h:-1") == "grpc \"h:-1\": " + address);
  CHECK(error_of("--grpc", "::1:7440") == "grpc \"::1:7440\": " + address);
  CHECK(error_of("--tls", "maybe") == "tls \"maybe\": must be on or off");
  CHECK(error_of("--tls-name", "a b") ==
        "tls-name \"a b\": is neither a DNS name nor an IP address");
  CHECK(error_of("--tls-cert", "c.pem") == "tls-cert \"c.pem\": tls-key is missing");
  CHECK(error_of("--tls-key", "k.pem") == "tls-key \"k.pem\": tls-cert is missing");
  CHECK(error_of("--origin", "two words") ==
        "origin \"two words\": must be ASCII without spaces and \"+\"");
  CHECK(error_of("--node-prefix", "88..1").rfind("node-prefix \"88..1\": ", 0) == 0);
  CHECK(error_of("--public-url", "ftp://x") ==
        "public-url \"ftp://x\": must begin with https:// or http://");
  CHECK(error_of("--time-zone", "Asia/Suzhou") ==
        "time-zone \"Asia/Suzhou\": this machine knows no such time zone");
  CHECK(error_of("--log-level", "loud") ==
        "log-level \"loud\": must be debug, info, warning or error");
  CHECK(ErrorOf({"--data", "/d", "--port", "1"}) != "accepted");
}

TEST_CASE("plaintext is refused off loopback") {
  CHECK(ErrorOf({"--data", "/d", "--tls", "off"}) == "accepted");
  CHECK(ErrorOf({"--data", "/d", "--tls", "off", "--grpc", "127.8.9.1:1"}) == "accepted");
  CHECK(ErrorOf({"--data", "/d", "--tls", "off", "--grpc", "[::1]:1"}) == "accepted");
  CHECK(ErrorOf({"--data", "/d", "--tls", "off", "--grpc", "localhost:1"}) == "accepted");
  for (const char* host : {"0.0.0.0", "[::]", "192.0.2.1", "localhost.example.org"}) {
    const std::string grpc = std::string(host) + ":7440";
    CHECK(ErrorOf({"--data", "/d", "--tls", "off", "--grpc", grpc}) ==
          "tls \"off\": plaintext is only for loopback addresses, and grpc is " + grpc);
  }
}

TEST_CASE("the Handle door is told where it listens and what it says of itself") {
  const auto parsed = Parse({"--data", "/d", "--handle", "0.0.0.0:2642", "--handle-admin", "on",
                             "--handle-site", "192.0.2.1:2641", "--handle-site",
                             "[2001:db8::1]:2641", "--handle-service", "88.118/SERVICE"});
  REQUIRE(parsed.ok());
  const Config& config = parsed->config;
  REQUIRE(config.handle.has_value());
  CHECK(config.handle->ToString() == "0.0.0.0:2642");
  CHECK(config.handle_admin);
  REQUIRE(config.handle_sites.size() == 2);
  CHECK(config.handle_sites[1].ToString() == "[2001:db8::1]:2641");
  CHECK(config.handle_service == "88.118/SERVICE");
  const auto off = Parse({"--data", "/d", "--handle", "off"});
  REQUIRE(off.ok());
  CHECK_FALSE(off->config.handle.has_value());
}

TEST_CASE("the HTTP door listens on loopback, where it is told to, or not at all") {
  const auto address = [](const std::vector<std::string>& flags) {
    const auto parsed = Parse(flags);
    REQUIRE(parsed.ok());
    return parsed->config.http.has_value() ? parsed->config.http->ToString() : "off";
  };
  CHECK(address({"--data", "/d"}) == "127.0.0.1:7480");
  CHECK(address({"--data", "/d", "--http", "0.0.0.0:80"}) == "0.0.0.0:80");
  CHECK(address({"--data", "/d", "--http", "[::1]:0"}) == "[::1]:0");
  CHECK(address({"--data", "/d", "--http", "off"}) == "off");
  CHECK(std::string(Parse({"--data", "/d", "--http", "80"}).status().message()).substr(0, 10) ==
        "http \"80\":");
}

TEST_CASE("a Handle door that clients could not find, or that is off, is refused its settings") {
  const auto error = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"--data", "/d"});
    return ErrorOf(std::move(more));
  };
  CHECK(error({"--handle", "0.0.0.0:2641"}) ==
        "handle-site is missing: handle \"0.0.0.0:2641\" does not say at which address clients "
        "reach this server");
  CHECK(error({"--handle", "[::]:2641"}).substr(0, 22) == "handle-site is missing");
  CHECK(error({"--handle", "nowhere"}).substr(0, 17) == "handle \"nowhere\":");
  CHECK(error({"--handle-admin", "yes"}) == "handle-admin \"yes\": must be on or off");
  CHECK(error({"--handle", "off", "--handle-admin", "on"}) ==
        "handle \"off\": handle-admin has no effect then");
  CHECK(error({"--handle", "off", "--handle-site", "192.0.2.1:2641"}) ==
        "handle \"off\": handle-site has no effect then");
  CHECK(error({"--handle-service", "88.118"}).substr(0, 25) == "handle-service \"88.118\": ");
  for (const char* site :
       {"registry.example.org:2641", "192.0.2.1:0", "0.0.0.0:2641", "192.0.2.1"}) {
    CHECK(error({"--handle-site", site}) ==
          std::string("handle-site \"") + site +
              "\": must be a numeric ADDRESS:PORT that clients reach, such as 192.0.2.1:2641");
  }
  for (const char* second : {"192.0.2.2:2641", "[2001:db8::1]:2642"}) {
    CHECK(error({"--handle-site", "192.0.2.1:2641", "--handle-site", second}) ==
          std::string("handle-site \"") + second +
              "\": beside 192.0.2.1:2641 there can be one address of the other family (IPv4, "
              "IPv6), of the same port");
  }
}

TEST_CASE("what is said about the log once is said on the command line, one thing at a time") {
  const auto parsed = Parse({"--data", "/d", "--new-log-epoch", "--after", "/c"});
  REQUIRE(parsed.ok());
  CHECK(parsed->log.new_epoch);
  CHECK(parsed->log.after == "/c");
  CHECK(Parse({"--data", "/d", "--add-log-key"})->log.add_key);
  CHECK(Parse({"--data", "/d", "--retire-log-key", "00ff12ab"})->log.retire_key == "00ff12ab");
  CHECK(Parse({"--data", "/d", "--anchor-from", "/c"})->log.anchor_from == "/c");

  CHECK(ErrorOf({"--data", "/d", "--new-log-epoch"}) ==
        "new-log-epoch: give --after FILE, the last checkpoint known of the log");
  CHECK(ErrorOf({"--data", "/d", "--after", "/c"}) ==
        "after \"/c\": has no effect without new-log-epoch");
  for (const char* id : {"12", "00FF12AB", "00ff12ag", "00ff12ab0"}) {
    CHECK(ErrorOf({"--data", "/d", "--retire-log-key", id}) ==
          "retire-log-key \"" + std::string(id) +
              "\": must be the 8 digits (0-9, a-f) in the middle of a verifier key");
  }
  CHECK(ErrorOf({"--data", "/d", "--add-log-key", "--retire-log-key", "00ff12ab"}) ==
        "only one of anchor-from, new-log-epoch, add-log-key and retire-log-key at a time");
  CHECK(ErrorOf({"--engine", "memory", "--add-log-key"}) ==
        "engine \"memory\": keeps neither a log's key nor its anchor");

  const TemporaryDirectory directory;
  for (const char* line : {"add-log-key = true\n", "new-log-epoch = true\n", "after = \"/c\"\n",
                           "anchor-from = \"/c\"\n", "retire-log-key = \"00ff12ab\"\n"}) {
    const std::string path = WriteFile(directory, line);
    CHECK_THAT(ErrorOf({"--config", path, "--data", "/d"}), Catch::Contains("unknown key"));
  }
}

TEST_CASE("help and version are printed instead of serving") {
  const auto help = Parse({"--help"});
  REQUIRE(help.ok());
  REQUIRE(help->print.has_value());
  for (const char* part :
       {"--data DIR", "127.0.0.1:7440", "Asia/Shanghai", "Example:", "Exit codes"}) {
    CHECK_THAT(*help->print, Catch::Contains(part));
  }
  const auto version = Parse({"--version"});
  REQUIRE(version.ok());
  REQUIRE(version->print.has_value());
  CHECK(version->print->rfind("gusud ", 0) == 0);
}

}  // namespace
}  // namespace gusu::server
