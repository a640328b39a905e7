// The text of a DOCUMENT attribute: a JSON object that names a document and pins its content.
//
//   {"url": "https://example.com/cert.pdf", "media_type": "application/pdf",
//    "sha256": "9f86…", "title": "Certificate", "expires_on": "2027-01-31"}
#pragma once

#include <string>
#include <string_view>

namespace gusu::server {

inline constexpr size_t kDocumentTitleCharactersMax = 255;

// What is wrong with `text` ("has no sha256"); empty when nothing is. url and sha256 are required,
// nothing else than the five members is allowed, and none stands twice.
std::string FaultOfDocument(std::string_view text);

}  // namespace gusu::server
