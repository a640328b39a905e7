#include "client/cli/session.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "client/cli/exit_code.h"
#include "client/cli/secret_file.h"

namespace gusu::cli {

Session::Session(GlobalFlags flags, std::ostream& out, std::ostream& err)
    : flags_(std::move(flags)), out_(out), err_(err) {}

bool Session::colour() const {
  const char* no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

bool Session::is_watched() const { return isatty(STDERR_FILENO) == 1; }

OrFailure<ClientOptions> Session::BaseOptions() {
  OrFailure<Settings> settings = ResolveSettings(flags_, Environment::OfProcess());
  if (!settings.ok()) return settings.failure();
  settings_ = std::move(*settings);
  ClientOptions options;
  options.server = settings_.server;
  options.ca_file = settings_.ca_file;
  options.plaintext = flags_.plaintext;
  options.deadline = std::chrono::milliseconds(static_cast<int64_t>(flags_.timeout_seconds * 1000));
  options.user_agent = "gusu-cli";
  return options;
}

OrFailure<ClientOptions> Session::Options() {
  OrFailure<ClientOptions> options = BaseOptions();
  if (!options.ok() || settings_.token_file.empty()) return options;
  OrFailure<Secret> secret = ReadSecret(settings_.token_file);
  if (!secret.ok()) return secret.failure();
  options->token = secret->text;
  return options;
}

OrFailure<Client> Session::Connect() {
  OrFailure<ClientOptions> options = Options();
  if (!options.ok()) return options.failure();
  return Client(std::move(*options));
}

OrFailure<Client> Session::ConnectWithoutCredential() {
  OrFailure<ClientOptions> options = BaseOptions();
  if (!options.ok()) return options.failure();
  return Client(std::move(*options));
}

OrFailure<Client> Session::ConnectWithSecret(const std::string& secret) {
  OrFailure<ClientOptions> options = BaseOptions();
  if (!options.ok()) return options.failure();
  options->token = secret;
  return Client(std::move(*options));
}

Failure Session::FailureOf(const Status& status) const {
  return ToFailure(status, settings_.server, !settings_.ca_file.empty());
}

OrFailure<std::optional<OnBehalfOf>> Session::OnBehalf() const {
  if (flags_.as.empty()) return std::optional<OnBehalfOf>();
  if (flags_.reason.empty()) {
    return UsageFailure("--as needs a --reason", "the registrant sees it in its log");
  }
  return std::optional<OnBehalfOf>({WithCollection("registrants", flags_.as), flags_.reason});
}

std::string WithCollection(const std::string& collection, const std::string& name) {
  return name.starts_with(collection + "/") ? name : collection + "/" + name;
}

}  // namespace gusu::cli
