// Content coding gzip (RFC 9110, 8.4), as a browser asks for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gusu::server {

// Whether an Accept-Encoding takes gzip: names it, or "*", with a weight above 0.
bool AcceptsGzip(std::string_view accept_encoding);

// Whether bodies of the type get smaller: text, JSON, XML, scripts, SVG.
bool IsCompressible(std::string_view content_type);

// nullopt when the library fails, or nothing is gained.
std::optional<std::string> Gzip(std::string_view bytes);

}  // namespace gusu::server
