// What an organisation says of itself, from the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "gusu/registrant.h"

namespace CLI {
class App;
}

namespace gusu::cli {

// Absent: not given. An empty text takes away what was there.
struct RegistrantFields {
  std::optional<std::string> legal_name;
  std::optional<std::string> english_name;
  std::optional<std::string> organization_code;
  std::optional<std::string> scheme;
  std::optional<std::string> authority;
  std::optional<std::string> kind;
  std::optional<std::string> address;
  std::optional<std::string> district;
  std::optional<std::string> industry_class;
  std::optional<uint32_t> industry_edition;
  std::optional<std::string> location;  // LATITUDE,LONGITUDE,DATUM
  std::optional<std::string> contact_person;
  std::optional<std::string> contact_email;
  std::optional<std::string> contact_phone;
  std::vector<std::string> documents;  // files
};

// With `complete`, name and organization code are required.
void AddRegistrantFields(CLI::App* command, bool complete, RegistrantFields* fields);

// Puts what is given over what `registrant` has; reads the documents for their hashes. Documents
// that are given are all that there are.
MaybeFailure ApplyFields(const RegistrantFields& fields, Registrant* registrant);
// Whether anything is given.
bool HasAny(const RegistrantFields& fields);

}  // namespace gusu::cli
