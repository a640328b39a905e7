// The certificate that the server shows when the operator has none of his own: signed by a local CA
// that clients trust once (`gusu trust`), renewed long before it expires.
//
//   ca.key ca.crt          P-256; valid for 10 years; made once
//   server.key server.crt  P-256; valid for 397 days; the chain in server.crt ends with the CA
//
// The server's key stays when its certificate is renewed, so that a reader who takes both files at
// any time finds a pair.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gusu::server {

inline constexpr absl::Duration kServerCertificateLifetime = absl::Hours(397 * 24);
inline constexpr absl::Duration kServerCertificateRenewal = absl::Hours(30 * 24);
inline constexpr absl::Duration kCaLifetime = absl::Hours(3653 * 24);

struct TlsFiles {
  std::string certificate_path;  // the whole chain
  std::string key_path;
  std::string ca_path;         // empty for the operator's own certificate
  std::string ca_fingerprint;  // SHA-256 of the CA's DER, in hexadecimal; empty likewise
  absl::Time expire_time;
  bool renewed = false;  // this call made the certificate
};

// localhost, 127.0.0.1, ::1, the host's name, and `more`.
std::vector<std::string> ServerNames(const std::vector<std::string>& more);

// Makes what is missing in `directory`, which exists, and renews the server's certificate when it
// expires within kServerCertificateRenewal, lacks one of `names`, or is not the CA's. May be called
// again at any time; a call that is interrupted is completed by the next one. kFailedPrecondition
// names the file that is in the way.
absl::StatusOr<TlsFiles> EnsureTlsFiles(const std::string& directory,
                                        const std::vector<std::string>& names, absl::Time now);

// The operator's own files: checks that they can be read, belong together and have not expired.
absl::StatusOr<TlsFiles> CheckTlsFiles(const std::string& certificate_path,
                                       const std::string& key_path, absl::Time now);

}  // namespace gusu::server
