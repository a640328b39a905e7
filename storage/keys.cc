#include "storage/keys.h"

#include "proto/identifier.h"

namespace gusu::storage {
namespace {

constexpr char kEnd = '\0';

void AppendNumber(std::string& key, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift);
}

void AppendNumber32(std::string& key, uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift);
}

std::string Key(char table, std::string_view name) {
  std::string key;
  key.reserve(1 + name.size());
  key += table;
  return key += name;
}

std::string Key(char table, std::string_view first, std::string_view second) {
  std::string key;
  key.reserve(2 + first.size() + second.size());
  key += table;
  key += first;
  key += kEnd;
  return key += second;
}

}  // namespace

std::string HeadKey() { return std::string(1, kHeadTable); }

std::string SettingsKey() { return std::string(1, kSettingsTable); }

std::string RegistrantKey(std::string_view id) { return Key(kRegistrantTable, id); }

std::string OrganizationCodeKey(uint32_t scheme, std::string_view authority,
                                std::string_view value) {
  std::string name(1, static_cast<char>(scheme));
  name += authority;
  return Key(kOrganizationCodeTable, name, value);
}

std::string PrefixKey(std::string_view prefix_key) { return Key(kPrefixTable, prefix_key); }

std::string CredentialKey(std::string_view registrant, std::string_view id) {
  return Key(kCredentialTable, registrant, id);
}

std::string RecordKey(std::string_view identifier_key) { return Key(kRecordTable, identifier_key); }

std::string HistoryKey(std::string_view row_key, uint64_t revision) {
  std::string key;
  key.reserve(row_key.size() + 10);
  key += kHistoryTable;
  key += row_key;
  key += kEnd;
  AppendNumber(key, ~revision);
  return key;
}

std::string OpeningKey(uint64_t leaf_index) {
  std::string key(1, kOpeningTable);
  AppendNumber(key, leaf_index);
  return key;
}

std::string RequestKey(std::string_view scope, std::string_view id) {
  return Key(kRequestTable, scope, id);
}

std::string PrefixCountersKey(std::string_view prefix_key) {
  return Key(kPrefixCountersTable, prefix_key);
}

std::string MintKey(std::string_view prefix_key, std::string_view pattern) {
  return Key(kMintTable, prefix_key, pattern);
}

std::string TileKey(uint32_t level, uint64_t index) {
  std::string key(1, kTileTable);
  key += static_cast<char>(level);
  AppendNumber(key, index);
  return key;
}

std::string TemplateKey(std::string_view id) { return Key(kTemplateTable, ToKey(id)); }

std::string GrantKey(std::string_view registrant, std::string_view id) {
  return Key(kGrantTable, registrant, id);
}

std::string GroupKey(std::string_view registrant, std::string_view id) {
  return Key(kGroupTable, registrant, id);
}

std::string RangePatternsKey(std::string_view prefix_key) {
  return Key(kRangePatternsTable, prefix_key);
}

std::string SerialRangeKey(std::string_view prefix_key, uint32_t pattern_number,
                           uint64_t last_serial) {
  std::string key = Key(kSerialRangeTable, prefix_key, "");
  AppendNumber32(key, pattern_number);
  AppendNumber(key, last_serial);
  return key;
}

std::string TransferKey(std::string_view id) { return Key(kTransferTable, id); }

std::string DayCountsKey(std::string_view prefix_key, int32_t day, std::string_view registrant,
                         std::string_view district, std::string_view industry_class) {
  std::string key = Key(kDayCountsTable, prefix_key, "");
  AppendNumber32(key, static_cast<uint32_t>(day));
  for (const std::string_view part : {registrant, district, industry_class}) {
    key += part;
    key += kEnd;
  }
  return key;
}

std::string UsageKey(std::string_view prefix_key, int32_t day, char door) {
  std::string key = Key(kUsageTable, prefix_key, "");
  AppendNumber32(key, static_cast<uint32_t>(day));
  return key += door;
}

std::string IndexTermBeginning(std::string_view scope, std::string_view term_beginning) {
  return Key(kIndexTable, scope, term_beginning);
}

std::string IndexBeginning(std::string_view scope, std::string_view term) {
  return IndexTermBeginning(scope, term) += kEnd;
}

std::string ChangeTimesBeginning(std::string_view prefix_key) {
  return IndexBeginning(prefix_key, "time");
}

std::string ChangeTimesKey(std::string_view prefix_key, uint64_t revision,
                           std::string_view suffix_key) {
  std::string key = ChangeTimesBeginning(prefix_key);
  AppendNumber(key, revision);
  return key += suffix_key;
}

std::string HandleIdentitiesBeginning(std::string_view prefix_key) {
  return IndexBeginning(prefix_key, "handle");
}

std::string HandleIdentityName(uint32_t index) {
  std::string name;
  AppendNumber32(name, index);
  return name;
}

std::string AfterBeginning(std::string_view beginning) {
  std::string key(beginning);
  while (!key.empty() && static_cast<unsigned char>(key.back()) == 0xFF) key.pop_back();
  if (!key.empty()) ++key.back();
  return key;
}

}  // namespace gusu::storage
