// Looks at the certificates that a server shows, without trusting any of them.
#pragma once

#include <string>

#include "client/cli/failure.h"

namespace gusu::cli {

struct Authority {
  std::string pem;
  std::string subject;
  std::string not_before;
  std::string not_after;
  // 64 upper-case hexadecimal digits in pairs: `AB:CD:…`.
  std::string fingerprint;
};

// The self-signed authority in the chain of the TLS server at `server` (HOST:PORT), after checking
// that it proves the server's certificate for that host. Fails with exit code 6 when there is no
// TLS server, and 4 when the chain holds no such authority.
OrFailure<Authority> ProbeAuthority(const std::string& server, double timeout_seconds);

// Whether two SHA-256 fingerprints are the same, whatever their case and colons.
bool SameFingerprint(const std::string& a, const std::string& b);

}  // namespace gusu::cli
