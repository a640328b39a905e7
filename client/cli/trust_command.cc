// gusu trust: takes a server's certificate authority into the configuration, once a person or a
// fingerprint has vouched for it.
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "client/cli/config_file.h"
#include "client/cli/program.h"
#include "client/cli/table.h"
#include "client/cli/tls_probe.h"

namespace gusu::cli {
namespace {

struct TrustOptions {
  std::string fingerprint;
  bool yes = false;
};

MaybeFailure Ask(Session& session) {
  if (isatty(STDIN_FILENO) != 1) {
    return Failure{ExitCode::kRefused, "NOT_CONFIRMED", "nobody is here to compare the fingerprint",
                   "give it with --fingerprint SHA256, or trust blindly with --yes"};
  }
  session.err() << "Compare the fingerprint with the bureau's. Trust this authority? [y/N] "
                << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return std::nullopt;
  return Failure{ExitCode::kNegative, "NOT_CONFIRMED", "nothing was stored", ""};
}

MaybeFailure Confirm(Session& session, const TrustOptions& options, const Authority& authority) {
  if (!options.fingerprint.empty()) {
    if (SameFingerprint(options.fingerprint, authority.fingerprint)) return std::nullopt;
    return Failure{
        ExitCode::kNegative,
        "FINGERPRINT_DIFFERS",
        "the authority's fingerprint is " + authority.fingerprint + ", not " + options.fingerprint,
        "nothing was stored; ask the bureau",
        {{"fingerprint", authority.fingerprint}}};
  }
  return options.yes ? std::nullopt : Ask(session);
}

// Writes the certificate and the profile; the certificate's path.
OrFailure<std::string> Store(const Settings& settings, const Authority& authority) {
  if (settings.config_directory.empty()) {
    return FileFailure("there is no HOME to keep the configuration in", "set XDG_CONFIG_HOME");
  }
  if (!IsProfileName(settings.profile)) {
    return UsageFailure("'" + settings.profile + "' is no profile's name",
                        "letters, digits, - and _");
  }
  const std::string config = settings.config_directory + "/config.toml";
  const std::string ca = settings.config_directory + "/ca/" + settings.profile + ".crt";
  OrFailure<std::string> text = ReadTextFile(config);
  if (!text.ok()) return text.failure();
  const auto changed = WithTrust(*text, settings.profile, settings.server, ca);
  if (!changed.ok()) return changed.failure();
  if (const auto failure = ReplaceFile(ca, authority.pem)) return *failure;
  if (const auto failure = ReplaceFile(config, *changed)) return *failure;
  return ca;
}

MaybeFailure Trust(Session& session, const TrustOptions& options) {
  const auto settings =
      ResolveSettings(session.flags(), Environment::OfProcess(), MissingProfile::kIsEmpty);
  if (!settings.ok()) return settings.failure();
  const auto authority = ProbeAuthority(settings->server, session.flags().timeout_seconds);
  if (!authority.ok()) return authority.failure();
  if (!session.json()) {
    Table table;
    table.AddRow({"Server", settings->server});
    table.AddRow({"Authority", authority->subject});
    table.AddRow({"Valid from", authority->not_before});
    table.AddRow({"Valid until", authority->not_after});
    table.AddRow({"SHA-256", authority->fingerprint});
    table.Print(session.out(), false);
    session.out() << std::flush;
  }
  if (const auto failure = Confirm(session, options, *authority)) return failure;
  const OrFailure<std::string> ca = Store(*settings, *authority);
  if (!ca.ok()) return ca.failure();
  if (session.json()) {
    const nlohmann::ordered_json stored = {{"server", settings->server},
                                           {"subject", authority->subject},
                                           {"not_before", authority->not_before},
                                           {"not_after", authority->not_after},
                                           {"fingerprint", authority->fingerprint},
                                           {"profile", settings->profile},
                                           {"ca_file", *ca}};
    session.out() << stored.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    session.out() << "Trusted from now on by the profile '" << settings->profile << "'.\n";
  }
  return std::nullopt;
}

}  // namespace

void AddTrustCommand(Program* program) {
  const auto [command, options] = AddCommand<TrustOptions>(
      program, &program->app, "trust",
      "Show a server's certificate authority and, when confirmed, trust it from then on",
      "  gusu trust --server registry.example.cn:7440\n"
      "  gusu trust --fingerprint 3A:5F:…            (from a letter of the bureau)\n"
      "  gusu --profile test trust --server 10.0.0.7:7440",
      Trust);
  CLI::Option* fingerprint = command->add_option("--fingerprint", options->fingerprint,
                                                 "SHA-256 that the authority must have");
  command->add_flag("--yes", options->yes, "Trust what the server shows, without a question")
      ->excludes(fingerprint);
}

}  // namespace gusu::cli
