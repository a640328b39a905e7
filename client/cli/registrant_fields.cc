#include "client/cli/registrant_fields.h"

#include <CLI/App.hpp>
#include <charconv>
#include <string_view>

#include "client/cli/file_content.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

bool ParseDegrees(std::string_view text, double* degrees) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *degrees);
  return error == std::errc() && stop == end && !text.empty();
}

OrFailure<std::optional<Location>> ParseLocation(const std::string& text) {
  if (text.empty()) return std::optional<Location>();
  Location location;
  const size_t first = text.find(',');
  const size_t second = first == std::string::npos ? first : text.find(',', first + 1);
  if (second != std::string::npos) {
    const std::string_view view = text;
    const auto datum = FromText<LocationDatum>(view.substr(second + 1));
    if (datum && ParseDegrees(view.substr(0, first), &location.latitude) &&
        ParseDegrees(view.substr(first + 1, second - first - 1), &location.longitude)) {
      location.datum = *datum;
      return std::optional<Location>(location);
    }
  }
  return UsageFailure("'" + text + "' is no location",
                      "LATITUDE,LONGITUDE,DATUM with a datum of wgs84, cgcs2000, gcj02: "
                      "31.2744,120.7437,cgcs2000");
}

// An empty text is a text too.
CLI::Option* AddText(CLI::App* command, const std::string& name, std::optional<std::string>* target,
                     const std::string& description) {
  return command->add_option_function<std::string>(
      name, [target](const std::string& text) { *target = text; }, description);
}

template <typename T>
void Overlay(const std::optional<T>& given, T* target) {
  if (given) *target = *given;
}

}  // namespace

void AddRegistrantFields(CLI::App* command, bool complete, RegistrantFields* fields) {
  AddText(command, "--name", &fields->legal_name, "Legal name")->required(complete);
  AddText(command, "--english-name", &fields->english_name, "Name in English");
  AddText(command, "--organization-code", &fields->organization_code,
          "Unified social credit code, or a code of --scheme")
      ->required(complete);
  AddText(command, "--scheme", &fields->scheme, "Of the code: uscc (default), lei, other");
  AddText(command, "--authority", &fields->authority, "Who issued a code of scheme other");
  AddText(command, "--kind", &fields->kind, "enterprise (default), institute, partner");
  AddText(command, "--address", &fields->address, "Address");
  AddText(command, "--district", &fields->district, "GB/T 2260; default: of the code");
  AddText(command, "--industry-class", &fields->industry_class, "GB/T 4754");
  command->add_option("--industry-edition", fields->industry_edition, "Of GB/T 4754; default 2017");
  AddText(command, "--location", &fields->location,
          "Seat: LATITUDE,LONGITUDE,DATUM of wgs84, cgcs2000, gcj02");
  AddText(command, "--contact-person", &fields->contact_person, "Never public");
  AddText(command, "--contact-email", &fields->contact_email, "Never public");
  AddText(command, "--contact-phone", &fields->contact_phone, "Never public");
  AddRepeated(command, "--document", &fields->documents,
              "File that proves the legal data; its SHA-256 is sent");
}

bool HasAny(const RegistrantFields& fields) {
  return fields.legal_name || fields.english_name || fields.organization_code || fields.scheme ||
         fields.authority || fields.kind || fields.address || fields.district ||
         fields.industry_class || fields.industry_edition || fields.location ||
         fields.contact_person || fields.contact_email || fields.contact_phone ||
         !fields.documents.empty();
}

MaybeFailure ApplyFields(const RegistrantFields& fields, Registrant* registrant) {
  if (fields.kind) {
    const auto kind =
        ToEnumeration<RegistrantKind>(*fields.kind, "kind", "enterprise, institute, partner");
    if (!kind.ok()) return kind.failure();
    registrant->kind = *kind;
  }
  if (fields.scheme) {
    const auto scheme =
        ToEnumeration<OrganizationCodeScheme>(*fields.scheme, "scheme", "uscc, lei, other");
    if (!scheme.ok()) return scheme.failure();
    registrant->organization_code.scheme = *scheme;
  }
  if (fields.location) {
    const OrFailure<std::optional<Location>> location = ParseLocation(*fields.location);
    if (!location.ok()) return location.failure();
    registrant->location = *location;
  }
  if (!fields.documents.empty()) registrant->documents_sha256.clear();
  for (const std::string& path : fields.documents) {
    OrFailure<std::string> hash = HashFile(path);
    if (!hash.ok()) return hash.failure();
    registrant->documents_sha256.push_back(std::move(*hash));
  }
  Overlay(fields.legal_name, &registrant->legal_name);
  Overlay(fields.english_name, &registrant->english_name);
  Overlay(fields.organization_code, &registrant->organization_code.value);
  Overlay(fields.authority, &registrant->organization_code.authority);
  Overlay(fields.address, &registrant->address);
  Overlay(fields.district, &registrant->district);
  Overlay(fields.industry_class, &registrant->industry_class);
  Overlay(fields.industry_edition, &registrant->industry_edition);
  Overlay(fields.contact_person, &registrant->contact.person);
  Overlay(fields.contact_email, &registrant->contact.email);
  Overlay(fields.contact_phone, &registrant->contact.phone);
  return std::nullopt;
}

}  // namespace gusu::cli
