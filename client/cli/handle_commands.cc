// gusu handle: the files that clients of the Handle protocol are configured by.
#include <CLI/App.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>
#include <vector>

#include "client/cli/handle_exchange.h"
#include "client/cli/output_file.h"
#include "client/cli/program.h"
#include "client/cli/table.h"
#include "proto/handle/message_hash.h"
#include "proto/handle/response.h"
#include "proto/handle/site_json.h"
#include "proto/hash.h"

namespace gusu::cli {
namespace {

struct SiteInfoOptions {
  std::string out = ".";
};

struct SiteAnswer {
  std::string bytes;  // HS_SITE, as the server sent it
  handle::Site site;
};

OrFailure<SiteAnswer> AskForSite(const std::string& server, double timeout_seconds) {
  handle::Envelope envelope;
  envelope.request_id = std::random_device{}() & 0x7fff'ffff;
  std::string request;
  handle::MessageWriter writer(request, envelope);
  handle::WriteHandleRequest(writer.Begin(PublicQuestion(handle::Operation::kGetSiteInfo)), "/");
  writer.Finish();
  const OrFailure<HandleAnswer> answer = AskHandle(server, request, timeout_seconds);
  if (!answer.ok()) return answer.failure();
  const OrFailure<std::string_view> body = BodyOf(server, *answer);
  if (!body.ok()) return body.failure();
  auto site = handle::DecodeSite(*body);
  if (!site.ok()) return NotHandle(server, std::string(site.status().message()));
  return SiteAnswer{std::string(*body), *std::move(site)};
}

std::string Fingerprint(const std::string& key) {
  return HexEncode(handle::HashBytes(handle::HashAlgorithm::kSha256, {key}));
}

std::string ToText(const handle::SiteInterface& interface) {
  constexpr const char* kTransports[] = {"UDP", "TCP", "HTTP", "HTTPS"};
  std::string purposes;
  if ((interface.purposes & handle::kQueryInterface) != 0) purposes = "queries";
  if ((interface.purposes & handle::kAdminInterface) != 0) {
    purposes += purposes.empty() ? "administration" : " and administration";
  }
  return std::string(kTransports[static_cast<size_t>(interface.transport)]) + " " +
         std::to_string(interface.port) + " (" + purposes + ")";
}

// pubkey.bin of a site's one server; pubkey-2.bin of the server 2 of several.
std::string KeyFileName(const handle::Site& site, const handle::SiteServer& server) {
  return site.servers.size() == 1 ? "pubkey.bin" : "pubkey-" + std::to_string(server.id) + ".bin";
}

// The files' names in order; they stand in `directory`.
OrFailure<std::vector<std::string>> WriteFiles(const std::string& directory,
                                               const std::string& server,
                                               const SiteAnswer& answer) {
  const auto json = handle::SiteJson(answer.site);
  if (!json.ok()) {
    return Failure{
        ExitCode::kNegative, "HANDLE_MALFORMED",
        server + " tells a site that cannot be written: " + std::string(json.status().message()),
        ""};
  }
  std::vector<std::pair<std::string, std::string>> files = {{"siteinfo.json", *json},
                                                            {"siteinfo.bin", answer.bytes}};
  for (const handle::SiteServer& one : answer.site.servers) {
    if (!one.public_key.empty()) files.emplace_back(KeyFileName(answer.site, one), one.public_key);
  }
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return FileFailure("cannot make " + directory + ": " + error.message());
  std::vector<std::string> names;
  for (const auto& [name, content] : files) {
    if (auto failure = WriteOutputFile(directory + "/" + name, content)) return *failure;
    names.push_back(name);
  }
  return names;
}

void PrintTable(Session& session, const std::string& server, const SiteAnswer& answer,
                const std::string& written) {
  Table table;
  table.AddRow({"Server", server});
  table.AddRow({"Site", std::string(answer.site.primary ? "primary" : "mirror") + ", serial " +
                            std::to_string(answer.site.serial)});
  for (const handle::SiteServer& one : answer.site.servers) {
    table.AddRow({"Address", handle::AddressText(one.address)});
    for (const handle::SiteInterface& interface : one.interfaces) {
      table.AddRow({"", ToText(interface)});
    }
    const std::string key = one.public_key.empty() ? "none" : Fingerprint(one.public_key);
    table.AddRow({"Key, SHA-256", key});
  }
  table.AddRow({"Written", written});
  table.Print(session.out(), false);
}

MaybeFailure SiteInfo(Session& session, const SiteInfoOptions& options) {
  const OrFailure<std::string> server = HandleAddress(session, session.flags().server);
  if (!server.ok()) return server.failure();
  const OrFailure<SiteAnswer> answer = AskForSite(*server, session.flags().timeout_seconds);
  if (!answer.ok()) return answer.failure();
  const auto names = WriteFiles(options.out, *server, *answer);
  if (!names.ok()) return names.failure();
  if (!session.json()) {
    std::string written;
    for (const std::string& name : *names) written += (written.empty() ? "" : ", ") + name;
    PrintTable(session, *server, *answer, written + " in " + options.out);
    return std::nullopt;
  }
  nlohmann::ordered_json keys = nlohmann::ordered_json::array();
  for (const handle::SiteServer& one : answer->site.servers) {
    keys.push_back(Fingerprint(one.public_key));
  }
  session.out() << nlohmann::ordered_json{{"server", *server},
                                          {"serial", answer->site.serial},
                                          {"primary", answer->site.primary},
                                          {"key_sha256", keys},
                                          {"files", *names}}
                       .dump()
                << '\n';
  return std::nullopt;
}

}  // namespace

CLI::App* AddHandleCommands(Program* program) {
  CLI::App* family = AddFamily(program, "handle", "Files for clients of the Handle protocol");
  const auto [site, options] = AddCommand<SiteInfoOptions>(
      program, family, "site-info",
      "Ask a Handle server for its site; writes siteinfo.json, siteinfo.bin and pubkey.bin",
      "  gusu --data /var/lib/gusu handle site-info --out site\n"
      "  gusu handle site-info --server registry.example:2641 --out site\n"
      "The answer is not proven: compare the key's SHA-256 with the operator's.",
      SiteInfo);
  site->add_option("--out", options->out, "Directory for the files; made if need be")
      ->capture_default_str();
  return family;
}

}  // namespace gusu::cli
