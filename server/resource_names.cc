#include "server/resource_names.h"

#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

constexpr size_t kRegistrantIdCharactersMax = 63;
constexpr std::string_view kRegistrants = "registrants/";
constexpr std::string_view kBureau = "bureau";
constexpr std::string_view kCredentials = "/credentials/";

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

absl::Status CheckRegistrantId(std::string_view id, std::string_view field) {
  bool fits = !id.empty() && id.size() <= kRegistrantIdCharactersMax && IsLetterOrDigit(id[0]);
  for (const char c : id) fits = fits && (IsLetterOrDigit(c) || c == '-');
  if (fits) return absl::OkStatus();
  return FieldInvalid(field, id,
                      "an id is 1 to 63 of a-z, 0-9 and \"-\", beginning with a letter or digit");
}

absl::StatusOr<std::string> ParseRegistrantName(std::string_view name, std::string_view field) {
  if (name.empty()) return FieldMissing(field);
  if (name.substr(0, kRegistrants.size()) != kRegistrants) {
    return FieldInvalid(field, name, "it must be registrants/{id}");
  }
  const std::string_view id = name.substr(kRegistrants.size());
  GUSU_RETURN_IF_ERROR(CheckRegistrantId(id, field));
  return std::string(id);
}

absl::StatusOr<std::string> ParseCredentialParent(std::string_view parent, std::string_view field) {
  if (parent == kBureau) return std::string();
  if (parent.substr(0, kRegistrants.size()) != kRegistrants && !parent.empty()) {
    return FieldInvalid(field, parent, "it must be registrants/{id} or bureau");
  }
  return ParseRegistrantName(parent, field);
}

absl::StatusOr<CredentialPath> ParseCredentialName(std::string_view name, std::string_view field) {
  if (name.empty()) return FieldMissing(field);
  const size_t middle = name.find(kCredentials);
  if (middle == std::string_view::npos || middle + kCredentials.size() == name.size()) {
    return FieldInvalid(field, name,
                        "it must be registrants/{id}/credentials/{id} or bureau/credentials/{id}");
  }
  CredentialPath path;
  GUSU_ASSIGN_OR_RETURN(path.registrant, ParseCredentialParent(name.substr(0, middle), field));
  path.id = name.substr(middle + kCredentials.size());
  return path;
}

std::string CredentialName(std::string_view registrant, std::string_view id) {
  const std::string parent = registrant.empty() ? std::string(kBureau) : RegistrantName(registrant);
  return Concat(parent, kCredentials, id);
}

}  // namespace gusu::server
