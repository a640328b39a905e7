// What a command works with: its settings, its registry, and where it writes.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "client/cli/failure.h"
#include "client/cli/settings.h"
#include "gusu/client.h"

namespace gusu::cli {

class Session {
 public:
  // The streams outlive the session.
  Session(GlobalFlags flags, std::ostream& out, std::ostream& err);

  const GlobalFlags& flags() const { return flags_; }
  bool json() const { return flags_.json; }
  std::ostream& out() { return out_; }
  // For notes and progress; answers go to out().
  std::ostream& err() { return err_; }
  // Standard output is a terminal that takes colour, and NO_COLOR is not set.
  bool colour() const;
  // A person watches standard error.
  bool is_watched() const;

  // With the configured credential, if there is one.
  OrFailure<Client> Connect();
  OrFailure<Client> ConnectWithoutCredential();
  // With a token or a claim as the credential.
  OrFailure<Client> ConnectWithSecret(const std::string& secret);
  // Options of a client with the configured credential.
  OrFailure<ClientOptions> Options();

  // Only after one of the calls above succeeded.
  Failure FailureOf(const Status& status) const;

  // --as with its --reason; nothing without --as.
  OrFailure<std::optional<OnBehalfOf>> OnBehalf() const;

 private:
  OrFailure<ClientOptions> BaseOptions();

  GlobalFlags flags_;
  Settings settings_;
  std::ostream& out_;
  std::ostream& err_;
};

// `sz-pumps` and `registrants/sz-pumps` are both registrants/sz-pumps; so with other collections.
std::string WithCollection(const std::string& collection, const std::string& name);

}  // namespace gusu::cli
