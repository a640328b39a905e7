#include "server/audit/resource_keys.h"

#include <algorithm>

#include "proto/identifier.h"
#include "proto/text.h"
#include "server/grants/grant_names.h"
#include "server/ranges/range_lookup.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/template.h"
#include "server/transfers/transfer_row.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

constexpr std::string_view kRegistry = "registry";
constexpr std::string_view kRegistrants = "registrants/";
constexpr std::string_view kPrefixes = "prefixes/";
constexpr std::string_view kTemplates = "templates/";
constexpr std::string_view kTransfers = "transfers/";
constexpr std::string_view kField = "resource";

std::optional<std::string> KeyBelowPrefixes(std::string_view resource) {
  if (const auto range = ParseSerialRangeName(resource)) {
    return storage::SerialRangeKey(ToKey(range->prefix), range->pattern_number, range->last_serial);
  }
  const std::string_view rest = resource.substr(kPrefixes.size());
  if (rest.find('/') == rest.npos) return storage::PrefixKey(ToKey(rest));
  const absl::StatusOr<Identifier> identifier = Identifier::ParseName(resource);
  if (!identifier.ok()) return std::nullopt;
  return storage::RecordKey(identifier->key());
}

std::optional<std::string> KeyBelowRegistrants(std::string_view resource) {
  if (const auto grant = ParseGrantName(resource, kField); grant.ok()) {
    return storage::GrantKey(grant->registrant, grant->id);
  }
  if (const auto group = ParseGroupName(resource, kField); group.ok()) {
    return storage::GroupKey(group->registrant, group->id);
  }
  const absl::StatusOr<std::string> id = ParseRegistrantName(resource, kField);
  if (!id.ok()) return std::nullopt;
  return storage::RegistrantKey(*id);
}

// The two ids of a key, and what is made of them; empty when there are not two.
template <typename Name>
std::string NameOfPair(std::string_view name, Name make) {
  const size_t middle = name.find('\0');
  if (middle == name.npos) return "";
  return make(name.substr(0, middle), name.substr(middle + 1));
}

std::string NameOfRecord(std::string_view identifier) {
  const absl::StatusOr<Identifier> parsed = Identifier::Parse(identifier);
  return parsed.ok() ? parsed->name() : std::string();
}

// The range's pattern and end are numbers of 4 and 8 bytes after the prefix and 0x00.
std::string NameOfRange(std::string_view name) {
  constexpr size_t kPatternBytes = 4, kSerialBytes = 8;
  const size_t middle = name.find('\0');
  if (middle == name.npos || name.size() != middle + 1 + kPatternBytes + kSerialBytes) return "";
  const auto number = [](std::string_view bytes) {
    uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  };
  const std::string_view pattern = name.substr(middle + 1, kPatternBytes);
  return SerialRangeName(name.substr(0, middle), static_cast<uint32_t>(number(pattern)),
                         number(name.substr(middle + 1 + kPatternBytes)));
}

}  // namespace

std::string_view NameIn(std::string_view key) {
  return key.substr(std::min<size_t>(1, key.size()));
}

std::optional<std::string> KeyOfResource(std::string_view resource) {
  if (resource == kRegistry) return storage::SettingsKey();
  if (resource.starts_with(kPrefixes)) return KeyBelowPrefixes(resource);
  if (resource.starts_with(kTemplates)) {
    const std::string id = TemplateIdOf(resource);
    if (id.empty()) return std::nullopt;
    return storage::TemplateKey(ToKey(id));
  }
  if (resource.starts_with(kTransfers)) {
    const absl::StatusOr<std::string> id = ParseTransferName(resource, kField);
    if (!id.ok()) return std::nullopt;
    return storage::TransferKey(*id);
  }
  if (const auto credential = ParseCredentialName(resource, kField); credential.ok()) {
    return storage::CredentialKey(credential->registrant, credential->id);
  }
  if (!resource.starts_with(kRegistrants)) return std::nullopt;
  return KeyBelowRegistrants(resource);
}

std::string ResourceOfKey(std::string_view key) {
  if (key.empty()) return "";
  const std::string_view name = NameIn(key);
  switch (key.front()) {
    case storage::kSettingsTable:
      return std::string(kRegistry);
    case storage::kRegistrantTable:
      return RegistrantName(name);
    case storage::kPrefixTable:
    case storage::kPrefixCountersTable:
    case storage::kRangePatternsTable:
      return Concat(kPrefixes, name);
    case storage::kCredentialTable:
      return NameOfPair(name, CredentialName);
    case storage::kRecordTable:
      return NameOfRecord(name);
    case storage::kTemplateTable:
      return TemplateName(name);
    case storage::kGrantTable:
      return NameOfPair(name, GrantName);
    case storage::kGroupTable:
      return NameOfPair(name, GroupName);
    case storage::kSerialRangeTable:
      return NameOfRange(name);
    case storage::kTransferTable:
      return TransferName(name);
    default:
      return "";
  }
}

std::string_view TableName(std::string_view key) {
  switch (key.empty() ? '\0' : key.front()) {
    case storage::kSettingsTable:
      return "registry";
    case storage::kRegistrantTable:
      return "registrants";
    case storage::kOrganizationCodeTable:
      return "organization_codes";
    case storage::kPrefixTable:
      return "prefixes";
    case storage::kCredentialTable:
      return "credentials";
    case storage::kTemplateTable:
      return "templates";
    case storage::kGrantTable:
      return "grants";
    case storage::kGroupTable:
      return "groups";
    case storage::kRecordTable:
      return "records";
    case storage::kRangePatternsTable:
      return "range_patterns";
    case storage::kSerialRangeTable:
      return "serial_ranges";
    case storage::kTransferTable:
      return "transfers";
    case storage::kPrefixCountersTable:
      return "counters";
    default:
      return "";
  }
}

}  // namespace gusu::server
