// What a connection is made from, once the options are checked and their files read.
#pragma once

#include <string>

#include "gusu/options.h"

namespace gusu {

struct Endpoint {
  std::string target;  // host:port, or unix:PATH
  bool plaintext = false;
  std::string ca_pem;    // empty: the system's
  std::string tls_name;  // empty: the host of the target
  std::string bearer;    // empty: no credential
};

// Fails as CheckOptions does.
Result<Endpoint> ReadEndpoint(const ClientOptions& options);

}  // namespace gusu
