#include "client/cli/site_text.h"

#include "client/cli/key_value.h"

namespace gusu::cli {
namespace {

constexpr char kForm[] = "PROTOCOL://HOST:PORT, of grpc, https, handle-tcp, handle-udp";

Failure Malformed(std::string_view text) {
  return UsageFailure("'" + std::string(text) + "' is no site", kForm);
}

}  // namespace

OrFailure<Site> ParseSite(std::string_view text) {
  const size_t protocol_end = text.find("://");
  const size_t colon = text.rfind(':');
  if (protocol_end == std::string_view::npos || colon <= protocol_end + 2) return Malformed(text);
  Site site;
  const auto protocol = FromText<SiteProtocol>(text.substr(0, protocol_end));
  uint64_t port = 0;
  if (!protocol || !ParseNumber(text.substr(colon + 1), &port) || port == 0 || port > 65535) {
    return Malformed(text);
  }
  std::string_view host = text.substr(protocol_end + 3, colon - protocol_end - 3);
  const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find_first_of(in_brackets ? "[]" : "[]:") != std::string_view::npos) {
    return Malformed(text);
  }
  site.protocol = *protocol;
  site.address = std::string(host);
  site.port = static_cast<uint32_t>(port);
  return site;
}

std::string ToSiteText(const Site& site) {
  std::string protocol;
  for (const char c : ToText(site.protocol)) {
    protocol += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  const bool numeric6 = site.address.find(':') != std::string::npos;
  return protocol + "://" + (numeric6 ? "[" + site.address + "]" : site.address) + ":" +
         std::to_string(site.port);
}

}  // namespace gusu::cli
