#include "client/cli/registrant_text.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "client/cli/table.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

using NamedText = std::pair<std::string, std::string>;

std::string ToLocationText(const std::optional<Location>& location) {
  if (!location) return "";
  char text[64];
  std::snprintf(text, sizeof text, "%.7f, %.7f ", location->latitude, location->longitude);
  return text + std::string(ToText(location->datum));
}

std::string ToHexadecimal(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

std::string ToDocumentsText(const std::vector<std::string>& hashes) {
  std::string text;
  for (const std::string& hash : hashes) text += (text.empty() ? "" : ", ") + ToHexadecimal(hash);
  return text;
}

std::vector<NamedText> LegalTexts(const LegalData& data) {
  const OrganizationCode& code = data.organization_code;
  std::string code_text = code.value;
  if (!code_text.empty()) code_text += " (" + std::string(ToText(code.scheme)) + ")";
  std::string industry = data.industry_class;
  if (!industry.empty() && data.industry_edition != 0) {
    industry += " (GB/T 4754-" + std::to_string(data.industry_edition) + ")";
  }
  return {{"Name", data.legal_name},
          {"English name", data.english_name},
          {"Organization code", code_text},
          {"Authority", code.authority},
          {"Address", data.address},
          {"District", data.district},
          {"Industry class", industry},
          {"Location", ToLocationText(data.location)},
          {"Documents", ToDocumentsText(data.documents_sha256)}};
}

std::string ToDesignationText(const Designation& designation) {
  std::string text = designation.id + ": " + designation.title;
  if (!designation.english_title.empty()) text += " (" + designation.english_title + ")";
  if (!designation.programme.empty()) text += ", " + designation.programme;
  if (!designation.certificate_number.empty()) text += ", no. " + designation.certificate_number;
  text += ", " + designation.issued_on;
  if (!designation.valid_until.empty()) text += " to " + designation.valid_until;
  if (designation.revoked) text += "; revoked: " + designation.revocation_reason;
  return text;
}

void PrintAmendment(Session& session, const LegalData& now, const Amendment& amendment) {
  session.out() << "\nAmendment, " << ToText(amendment.state);
  const std::string time = ToLocalText(amendment.submit_time);
  if (!time.empty()) session.out() << ", applied for " << time;
  session.out() << '\n';
  Table table;
  if (!amendment.reason.empty()) table.AddRow({"Reason", amendment.reason});
  if (!amendment.state_reason.empty()) table.AddRow({"Returned", amendment.state_reason});
  const std::vector<NamedText> before = LegalTexts(now);
  const std::vector<NamedText> after = LegalTexts(amendment.proposed);
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i].second == after[i].second) continue;
    table.AddRow({after[i].first, after[i].second.empty() ? "(none)" : after[i].second,
                  "was: " + (before[i].second.empty() ? "(none)" : before[i].second)});
  }
  table.Print(session.out(), false);
}

}  // namespace

void PrintRegistrant(Session& session, const Registrant& registrant) {
  Table table;
  const auto add = [&table](const std::string& name, const std::string& value) {
    if (!value.empty()) table.AddRow({name, value});
  };
  add("Registrant", registrant.name);
  add("State", std::string(ToText(registrant.state)));
  add("State's reason", registrant.state_reason);
  add("Successor", registrant.successor);
  add("Kind", std::string(ToText(registrant.kind)));
  for (const auto& [name, text] : LegalTexts(registrant)) add(name, text);
  add("Contact", registrant.contact.person);
  add("E-mail", registrant.contact.email);
  add("Phone", registrant.contact.phone);
  for (const Designation& designation : registrant.designations) {
    add("Designation", ToDesignationText(designation));
  }
  add("Applied", ToLocalText(registrant.create_time));
  add("Changed", ToLocalText(registrant.update_time));
  add("ETag", registrant.etag);
  for (const std::string& warning : registrant.warnings) add("Warning", warning);
  table.Print(session.out(), false);
  if (registrant.amendment) PrintAmendment(session, registrant, *registrant.amendment);
}

}  // namespace gusu::cli
