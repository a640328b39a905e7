// How a client reaches its registry, and how long and how often it tries.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "gusu/status.h"

namespace gusu {

// Whether an error is worth another try of the same request: the server could not be reached or was
// stopping, its queue was full or the caller's rate was used up, or it could not tell the outcome
// of a commit. All of the API's requests may be repeated, see request ids in gusu/requests.h.
GUSU_EXPORT bool IsRetryable(const Status& status);

struct RetryOptions {
  // First try included; 1 turns retries off. Streams, and Spool, go by time alone.
  int attempts_max = 12;
  // Before try n + 1 the client waits a random time between 0 and
  // min(backoff_max, backoff_initial × backoff_factor^(n - 1)) ("full jitter").
  std::chrono::milliseconds backoff_initial{50};
  std::chrono::milliseconds backoff_max{5000};
  double backoff_factor = 2.0;
  // Which errors are worth another try. Empty: IsRetryable. Called from any thread.
  std::function<bool(const Status&)> is_retryable;
};

struct ClientOptions {
  // host:port, or unix:PATH.
  std::string server = "127.0.0.1:7440";
  // The certificate authority that the server's certificate is checked against, as a PEM file or as
  // PEM text. With neither given, the system's.
  std::string ca_file;
  std::string ca_pem;
  // The name that the certificate must carry, when it is not the host of `server`.
  std::string tls_name;
  // Speaks without TLS. Refused (OPTIONS_INVALID) when `server` is not a loopback address or a Unix
  // socket.
  bool plaintext = false;
  // Bearer token or claim secret, as text or as the first line of a file, which is read when the
  // client is made. With neither given, calls are made without a credential.
  std::string token;
  std::string token_file;
  // For one call with all of its retries; for a page of a range; for a stream, how long it goes on
  // without an answer from the server.
  std::chrono::milliseconds deadline{30000};
  RetryOptions retry;
  // gzip for requests and answers: worth it on slow lines, costs time on fast ones.
  bool compression = false;
  // TCP connections, chosen in turn by calls. One is enough for some 20,000 calls a second.
  size_t connections = 1;
  // Precedes the library's own in the user-agent header.
  std::string user_agent;
};

// OK, or kInvalidArgument / OPTIONS_INVALID; metadata names the option and its value. Reads the
// files that the options name. A client with wrong options tells the same by every call.
GUSU_EXPORT Status CheckOptions(const ClientOptions& options);

// For a single call.
struct CallOptions {
  // 0: the client's.
  std::chrono::milliseconds deadline{0};
};

}  // namespace gusu
