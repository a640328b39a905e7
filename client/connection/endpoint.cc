#include "client/connection/endpoint.h"

#include <arpa/inet.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace gusu {
namespace {

Status Invalid(const std::string& option, const std::string& value, const std::string& fault) {
  return {StatusCode::kInvalidArgument,
          "option " + option + ": " + fault,
          std::string(kReasonOptionsInvalid),
          {{"option", option}, {"value", value}}};
}

Result<std::string> ReadFile(const std::string& option, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Invalid(option, path, "file " + path + " cannot be read: " + std::strerror(errno));
  }
  return text.str();
}

bool IsLoopback(const std::string& server) {
  if (server.rfind("unix:", 0) == 0) return true;
  const std::string host = server.substr(0, server.rfind(':'));
  in_addr address;
  const bool is_ipv4 = ::inet_pton(AF_INET, host.c_str(), &address) == 1;
  return host == "localhost" || host == "[::1]" || (is_ipv4 && host.rfind("127.", 0) == 0);
}

// A header's value: visible ASCII.
bool IsHeaderText(const std::string& text) {
  for (char c : text) {
    if (c < 0x21 || c > 0x7e) return false;
  }
  return true;
}

bool HasPort(const std::string& server) {
  const size_t colon = server.rfind(':');
  return colon != std::string::npos && colon > 0 && colon + 1 < server.size();
}

Result<std::string> ReadBearer(const ClientOptions& options) {
  std::string bearer = options.token;
  if (!options.token_file.empty()) {
    Result<std::string> text = ReadFile("token_file", options.token_file);
    if (!text) return text;
    bearer = text->substr(0, text->find_first_of("\r\n"));
    if (bearer.empty()) {
      return Invalid("token_file", options.token_file,
                     "the first line of " + options.token_file + " is empty");
    }
  }
  // The value itself stays out of the error: it is a secret.
  if (!IsHeaderText(bearer))
    return Invalid("token", "", "the token has a space or a control in it");
  return bearer;
}

}  // namespace

Result<Endpoint> ReadEndpoint(const ClientOptions& options) {
  Endpoint endpoint;
  if (!HasPort(options.server)) {
    return Invalid("server", options.server, "\"" + options.server + "\" is not host:port");
  }
  if (options.plaintext && !IsLoopback(options.server)) {
    return Invalid("plaintext", options.server,
                   "without TLS only loopback addresses are spoken to, not " + options.server);
  }
  if (!options.ca_file.empty() && !options.ca_pem.empty()) {
    return Invalid("ca_file", options.ca_file, "give ca_file or ca_pem, not both");
  }
  if (!options.token_file.empty() && !options.token.empty()) {
    return Invalid("token_file", options.token_file, "give token or token_file, not both");
  }
  if (options.deadline.count() <= 0) {
    return Invalid("deadline", std::to_string(options.deadline.count()), "it must be above 0 ms");
  }
  if (options.retry.attempts_max < 1) {
    return Invalid("retry.attempts_max", std::to_string(options.retry.attempts_max),
                   "it must be 1 or more");
  }
  if (options.connections < 1 || options.connections > 64) {
    return Invalid("connections", std::to_string(options.connections), "it must be 1 to 64");
  }
  endpoint.target = options.server;
  endpoint.plaintext = options.plaintext;
  endpoint.tls_name = options.tls_name;
  endpoint.ca_pem = options.ca_pem;
  if (!options.ca_file.empty()) {
    Result<std::string> pem = ReadFile("ca_file", options.ca_file);
    if (!pem) return pem.status();
    endpoint.ca_pem = *std::move(pem);
  }
  if (!endpoint.ca_pem.empty() &&
      endpoint.ca_pem.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    return Invalid(options.ca_file.empty() ? "ca_pem" : "ca_file", options.ca_file,
                   "there is no PEM certificate in it");
  }
  Result<std::string> bearer = ReadBearer(options);
  if (!bearer) return bearer.status();
  endpoint.bearer = *std::move(bearer);
  return endpoint;
}

Status CheckOptions(const ClientOptions& options) { return ReadEndpoint(options).status(); }

}  // namespace gusu
