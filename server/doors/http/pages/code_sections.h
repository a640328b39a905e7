// The parts of a code's page below its values.
#pragma once

#include <string_view>

#include "server/doors/http/html.h"
#include "server/doors/http/pages/reader.h"

namespace gusu::v1 {
class Record;
class Referral;
}  // namespace gusu::v1

namespace gusu::server {

struct CodeAnswer;

// What a reader must know first: its state, why, what holds it, and who took its place.
void WriteStanding(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html);
void WriteRegistration(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html);
// With its designations.
void WriteIssuer(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html);
void WriteHistory(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html);
// Where it stands in the log, and how to check that without this server.
void WriteVerification(const Reader& reader, const CodeAnswer& answer, HtmlWriter& html);
// Who resolves a code of a delegated prefix.
void WriteReferral(const Reader& reader, const v1::Referral& referral, std::string_view identifier,
                   HtmlWriter& html);

}  // namespace gusu::server
